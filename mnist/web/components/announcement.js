// Keeps one element while the page runs again, and changes its text only if there is something new to say.

export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  if (region.textContent !== data) region.textContent = data;
}
