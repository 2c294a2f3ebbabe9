// The button of the pages' header: signs out, and goes to the first page.
const button = document.querySelector("#sign-out");
button?.addEventListener("click", async () => {
  await fetch(`${button.dataset.root}logout`, { method: "POST" });
  location.assign(button.dataset.root);
});
