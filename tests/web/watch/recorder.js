// For each frame that the overlay was drawn on: what it drew, and the frame number that the picture itself carries.
(() => {
  const { x, y, cell, bits } = TIMECODE
  const canvas = new OffscreenCanvas(cell * (bits + 2), cell)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const read = (frame) => {
    context.drawImage(frame, x, y, canvas.width, cell, 0, 0, canvas.width, cell)
    const { data } = context.getImageData(0, 0, canvas.width, cell)
    const middle = Math.floor(cell / 2)
    const white = (at) => data[4 * (middle * canvas.width + at * cell + middle)] > 127
    if (!white(0) || white(1)) return null
    let number = 0
    for (let bit = 0; bit < bits; bit += 1) number = number * 2 + (white(bit + 2) ? 1 : 0)
    return number
  }
  const entry = (event) => {
    const { mediaTime, sessionTime, wall, boxes, moment } = event.detail
    const frame = new VideoFrame(event.composedPath()[0].shadowRoot.querySelector('video'))
    const number = read(frame)
    // The picture may have moved on since the callback's frame: `seen` is the media time of the one that was read.
    const seen = frame.timestamp / 1e6
    frame.close()
    return { number, seen, mediaTime, sessionTime, wall, boxes, status: moment.status }
  }
  // Resolves when a frame that stands still is drawn again, with a box.
  window.repainted = () =>
    new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error('nothing was drawn again')), 20000)
      const drawn = (event) => {
        if (!event.detail.repaint || event.detail.boxes.length === 0) return
        document.removeEventListener('overlay-drawn', drawn)
        resolve(entry(event))
      }
      document.addEventListener('overlay-drawn', drawn)
    })
  // Resolves with the next `count` frames that have a box and lie at `from` (s of the session) or later.
  window.record = (count, from) =>
    new Promise((resolve, reject) => {
      const recorded = []
      const timer = setTimeout(() => reject(new Error(`only ${recorded.length} of ${count} frames`)), 30000)
      const drawn = (event) => {
        const { sessionTime, boxes, repaint } = event.detail
        if (repaint || boxes.length === 0 || sessionTime < from) return
        recorded.push(entry(event))
        if (recorded.length < count) return
        clearTimeout(timer)
        document.removeEventListener('overlay-drawn', drawn)
        resolve(recorded)
      }
      document.addEventListener('overlay-drawn', drawn)
    })
  // Resolves with every frame that is presented until the one at `until` (s of the session); those before `from` are left
  // out. Where the picture stands still, it says where.
  window.playedTo = (until, from = -1) =>
    new Promise((resolve, reject) => {
      const seen = []
      const stuck = () => {
        const video = window.player().shadowRoot.querySelector('video')
        const { buffered, currentTime, readyState, paused } = video
        const ranges = Array.from({ length: buffered.length }, (_, at) => [buffered.start(at), buffered.end(at)])
        const last = seen.at(-1)?.sessionTime
        reject(new Error(`stuck: ${JSON.stringify({ last, currentTime, readyState, paused, ranges })}`))
      }
      const timer = setTimeout(stuck, 60000)
      const drawn = (event) => {
        const { sessionTime, repaint } = event.detail
        if (repaint || sessionTime === null || sessionTime < from) return
        seen.push(entry(event))
        if (sessionTime < until) return
        clearTimeout(timer)
        document.removeEventListener('overlay-drawn', drawn)
        resolve(seen)
      }
      document.addEventListener('overlay-drawn', drawn)
    })
  // Notes every frame that is presented from now on; presentedSince() hands over what came since it was asked last.
  window.presented = () => {
    let noted = []
    document.addEventListener('overlay-drawn', (event) => {
      const { sessionTime, repaint } = event.detail
      if (repaint || sessionTime === null) return
      const one = entry(event)
      if (one.number !== null && Math.abs(one.seen - one.mediaTime) < 0.01) noted.push(one)
    })
    window.presentedSince = () => {
      const all = noted
      noted = []
      return all
    }
  }
  window.player = () =>
    document.querySelector('ma-app').shadowRoot.querySelector('ma-watch').shadowRoot.querySelector('ma-player')
})()
