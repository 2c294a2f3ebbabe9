// Signs in and reloads the page: the answer to the sign-in sets the cookie that authenticates the page.
const form = document.querySelector("form");
const error = document.querySelector("output");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  error.textContent = "";
  const body = JSON.stringify({ username: form.username.value, password: form.password.value });
  try {
    const answer = await fetch("login", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (answer.ok) {
      location.reload();
    } else {
      error.textContent = (await answer.json()).message;
    }
  } catch (fault) {
    error.textContent = `The server does not answer: ${fault.message}`;
  }
});
