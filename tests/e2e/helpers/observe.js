// Collects, for the frames that the browser presents, what the overlay drew and which frame the picture says it is, until
// `count` were `wanted` ('read', or 'settled' too): the time code is read from the very pixels of the video. On a busy machine
// the next picture may be up before it is read: `late`, by when that one was presented.
async ({ count, wanted, timecode, timeout }) => {
  const { x, y, cell, bits } = timecode
  const cells = bits + 2
  const canvas = new OffscreenCanvas(cells * cell, cell)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const read = (video) => {
    context.drawImage(video, x, y, cells * cell, cell, 0, 0, cells * cell, cell)
    const pixels = context.getImageData(0, 0, cells * cell, cell).data
    const levels = Array.from({ length: cells }, (_, i) => pixels[4 * (Math.floor(cell / 2) * cells * cell + i * cell + Math.floor(cell / 2))])
    if (levels[0] < 160 || levels[1] > 96) return null
    return levels.slice(2).reduce((number, level) => number * 2 + (level > 128 ? 1 : 0), 0)
  }
  const seen = []
  let found = 0
  return await new Promise((resolve) => {
    const done = () => {
      document.removeEventListener('overlay-drawn', observe)
      resolve(seen.filter(({ late }) => late !== null))
    }
    const observe = (event) => {
      const { sessionTime, boxes, moment, repaint } = event.detail
      const video = event.composedPath()[0].shadowRoot.querySelector('video')
      if (repaint || sessionTime === null) return
      const one = { sessionTime, boxes, status: moment.status, settled: moment.settled, frame: read(video), late: null }
      const readAt = performance.now()
      seen.push(one)
      video.requestVideoFrameCallback((_, { presentationTime }) => {
        one.late = presentationTime <= readAt + 1
        found += !one.late && (wanted === 'read' || (moment.status === 'covered' && moment.settled))
        if (found >= count) done()
      })
    }
    document.addEventListener('overlay-drawn', observe)
    setTimeout(done, timeout)
  })
}
