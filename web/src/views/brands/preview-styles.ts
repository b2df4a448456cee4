import { css } from 'lit'

export const previewStyles = css`
  .body {
    display: grid;
    gap: 12px;
    padding: 2px 16px 16px;
  }
  select {
    max-width: 340px;
  }
  figure {
    position: relative;
    max-width: 720px;
    margin: 0;
    border-radius: 9px;
    background: var(--raised);
    overflow: hidden;
  }
  figure img {
    display: block;
    width: 100%;
    height: 100%;
  }
  figure i {
    position: absolute;
    border: 2px solid oklch(0.8 0.145 var(--hue));
    border-radius: 4px;
    font-style: normal;
  }
  figure i.below {
    border: 2px dashed oklch(0.8 0.145 var(--hue) / 0.6);
  }
  figure b {
    position: absolute;
    left: -2px;
    bottom: 100%;
    padding: 0 5px;
    border-radius: 3px;
    color: #0b0d11;
    background: oklch(0.8 0.145 var(--hue));
    font-size: 11.5px;
    line-height: 17px;
    white-space: nowrap;
  }
  figure i.below b {
    color: #e4e8ee;
    background: #39404c;
  }
  .scale {
    position: relative;
    max-width: 720px;
    height: 6px;
    margin: 5px 0;
    border-radius: 3px;
    background: var(--raised);
  }
  .scale u {
    position: absolute;
    top: -5px;
    bottom: -5px;
    width: 2px;
    background: var(--ink);
  }
  .scale i {
    position: absolute;
    top: -2px;
    width: 10px;
    height: 10px;
    margin-left: -5px;
    border: 2px solid var(--accent);
    border-radius: 50%;
    background: var(--accent);
  }
  .scale i.below {
    border-color: var(--faint);
    background: var(--panel);
  }
`
