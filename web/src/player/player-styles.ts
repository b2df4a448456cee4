import { css } from 'lit'

export const playerStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    overflow: hidden;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  :host(:fullscreen) {
    border: 0;
    border-radius: 0;
  }
  .stage {
    position: relative;
    flex: 1;
    aspect-ratio: 16 / 9;
    max-height: 74vh;
    background: #000;
  }
  :host(:fullscreen) .stage {
    aspect-ratio: auto;
    max-height: none;
  }
  video,
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  video::cue {
    font-family: system-ui, sans-serif;
    background: rgb(12 14 18 / 0.82);
  }
  canvas {
    pointer-events: none;
  }
  .note {
    position: absolute;
    top: 12px;
    left: 12px;
    max-width: calc(100% - 24px);
    padding: 5px 11px;
    border-radius: 99px;
    font-size: 0.7812rem;
    color: #fff;
    background: rgb(12 14 18 / 0.78);
  }
  .waiting {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 14px;
    padding: 24px;
    text-align: center;
    color: #c3cad6;
  }
  .waiting b {
    font-size: 1.0625rem;
    color: #fff;
  }
  .waiting span {
    max-width: 56ch;
  }
  .waiting i {
    width: 26px;
    height: 26px;
    border: 3px solid rgb(255 255 255 / 0.18);
    border-top-color: #c3cad6;
    border-radius: 50%;
    animation: turn 1s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 360deg;
    }
  }
`
