const LONGER = 512 // pixels of a drawing's longer side: a mark needs no more
const TAKEN: readonly string[] = ['image/png', 'image/jpeg', 'image/webp']

/**
 * Pictures that a browser can draw and the API does not take (SVG, GIF, AVIF) as PNG. Others stay as they are: if they are
 * no pictures, the API says so.
 */
export async function taken(file: File): Promise<File> {
  if (!file.type.startsWith('image/') || TAKEN.includes(file.type)) return file
  const image = await drawn(await address(file))
  if (!image) return file
  const size = scaled(image.naturalWidth || 1, image.naturalHeight || 1, file.type === 'image/svg+xml')
  const canvas = document.createElement('canvas')
  canvas.width = size.width
  canvas.height = size.height
  canvas.getContext('2d')?.drawImage(image, 0, 0, size.width, size.height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  return blob ? new File([blob], `${file.name}.png`, { type: 'image/png' }) : file
}

/** An address to show the picture by; empty if the file is not a picture, or damaged. */
export async function preview(file: File): Promise<string> {
  const url = file.type.startsWith('image/') ? await address(file) : ''
  return url && (await drawn(url)) ? url : ''
}

/** A data: address of the file; empty where it cannot be read. Blob addresses would need a wider policy. */
function address(file: File): Promise<string> {
  return new Promise((done) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result))
    reader.onerror = () => done('')
    reader.readAsDataURL(file)
  })
}

/** null where it is damaged. */
function drawn(url: string): Promise<HTMLImageElement | null> {
  return new Promise((done) => {
    const image = new Image()
    image.onload = () => done(image)
    image.onerror = () => done(null)
    image.src = url
  })
}

/** A drawing is as sharp at any size; a photograph only gets smaller. */
export function scaled(width: number, height: number, drawing: boolean): { width: number; height: number } {
  const scale = LONGER / Math.max(width, height)
  const by = drawing ? scale : Math.min(1, scale)
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) }
}
