// Signs in and loads the page again: the answer sets the cookie that lets it through.
const form = document.querySelector("form");
const told = document.querySelector("output");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  told.textContent = "";
  const body = JSON.stringify({ username: form.username.value, password: form.password.value });
  try {
    const answer = await fetch("login", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (answer.ok) {
      location.reload();
    } else {
      told.textContent = (await answer.json()).message;
    }
  } catch (fault) {
    told.textContent = `The server does not answer: ${fault.message}`;
  }
});
