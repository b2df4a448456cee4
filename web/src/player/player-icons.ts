import { svg } from 'lit'

const speaker = svg`<path d="M2 6.5h3l4-3.3v11.6l-4-3.3H2z" fill="currentColor"/>`

/** Drawn in a box of 18 by 18. */
export const ICONS = {
  play: svg`<path d="M5 3.2v11.6a.6.6 0 0 0 .92.5l9-5.8a.6.6 0 0 0 0-1l-9-5.8A.6.6 0 0 0 5 3.2z" fill="currentColor"/>`,
  pause: svg`<rect x="4" y="3" width="3.6" height="12" rx="1" fill="currentColor"/><rect x="10.4" y="3" width="3.6" height="12" rx="1" fill="currentColor"/>`,
  sound: svg`${speaker}<path d="M11.6 6.2a4 4 0 0 1 0 5.6M13.8 4a7 7 0 0 1 0 10" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>`,
  muted: svg`${speaker}<path d="m12 7 4 4m0-4-4 4" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>`,
  back: svg`<path d="M13.5 4.2v9.6L6.6 9z" fill="currentColor"/><path d="M4.6 4v10" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>`,
  on: svg`<path d="M4.5 4.2v9.6L11.4 9z" fill="currentColor"/><path d="M13.4 4v10" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>`,
  captions: svg`<rect x="2" y="3.5" width="14" height="11" rx="2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M5 11.2h4m2 0h2M5 8.2h2m2 0h4" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>`,
  speech: svg`<path d="M3.6 3h10.8A1.6 1.6 0 0 1 16 4.6v6.8a1.6 1.6 0 0 1-1.6 1.6H9l-3.6 3v-3H3.6A1.6 1.6 0 0 1 2 11.4V4.6A1.6 1.6 0 0 1 3.6 3z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M6 6.8v2.4M9 5.8v4.4M12 6.8v2.4" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>`,
  link: svg`<path d="M7.6 10.4a3 3 0 0 0 4.3 0l2.4-2.4a3 3 0 0 0-4.3-4.3l-1 1M10.4 7.6a3 3 0 0 0-4.3 0L3.7 10a3 3 0 0 0 4.3 4.3l1-1" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>`,
  float: svg`<path d="M8 14.5H4a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2V8" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/><rect x="9.6" y="9.8" width="7" height="5.2" rx="1.2" fill="currentColor"/>`,
  full: svg`<path d="M3 7V3h4M11 3h4v4M15 11v4h-4M7 15H3v-4" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>`,
  help: svg`<path d="M6.3 6.6a2.7 2.7 0 1 1 3.9 2.4c-.8.4-1.2.9-1.2 1.9" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round"/><circle cx="9" cy="14" r="1.1" fill="currentColor"/>`,
}
