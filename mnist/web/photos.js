// Puts a pasted picture into the uploader, and tells the page whether the browser lets it use a camera.

function paste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const input = document.querySelector(".st-key-files input[type=file]");
  if (files.length === 0 || !input) return;
  const pasted = new DataTransfer();
  for (const file of files) pasted.items.add(file);
  input.files = pasted.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  event.preventDefault();
}

export default function ({ setStateValue }) {
  setStateValue("secure", window.isSecureContext && navigator.mediaDevices !== undefined);
  window.addEventListener("paste", paste);
  return () => window.removeEventListener("paste", paste);
}
