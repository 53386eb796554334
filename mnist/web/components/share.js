// Opens the share sheet of the phone with a picture of the drawing and a link that opens it. Where a browser has none,
// as most on a desk and all without HTTPS, there is no button (static/look.css).

const SOME_PICTURE = new File([""], "drawing.png", { type: "image/png" });
const CAN_SHARE = Boolean(navigator.canShare?.({ files: [SOME_PICTURE] }));
let shared; // name of the press that was answered last: the page may show the same one again

export default function ({ data, setTriggerValue }) {
  document.documentElement.classList.toggle("no-share", !CAN_SHARE);
  if (!data || data.press === shared) return;
  shared = data.press;
  const bytes = Uint8Array.from(atob(data.picture), (byte) => byte.charCodeAt(0));
  const link = `${location.origin}${location.pathname}?drawing=${data.drawing}`;
  navigator
    .share({
      files: [new File([bytes], "drawing.png", { type: "image/png" })],
      text: data.drawing ? `${data.sentence} ${link}` : data.sentence,
    })
    .catch((error) => {
      // AbortError: the visitor has closed the sheet. Else the press was too long ago for this browser, most likely
      if (error.name !== "AbortError") setTriggerValue("refused", data.press);
    });
}
