// An element that stays while the page is run again; its text changes only where there is something new to say.

export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  if (region.textContent !== data) region.textContent = data;
}
