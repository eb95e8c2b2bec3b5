// A photo made light before it leaves: a slow phone sends it all the same, and what a camera writes beside the
// picture (where, when, with what) stays behind. The server does the same again.

const MOST_PX = 1_600;
const QUALITY = 0.82;

export async function lightened(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, MOST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const light = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (light === null) throw new Error("not a picture");
  return light;
}
