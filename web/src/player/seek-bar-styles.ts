import { css } from 'lit'

const track = css`
  height: 4px;
  border-radius: 2px;
  background: linear-gradient(to right, var(--accent) var(--played, 0%), var(--line) var(--played, 0%));
`
const thumb = css`
  width: 12px;
  height: 12px;
  border: 0;
  border-radius: 50%;
  background: var(--accent);
`

export const seekStyles = css`
  :host {
    position: relative;
  }
  input {
    display: block;
    width: 100%;
    height: 18px;
    margin: 0 0 2px;
    appearance: none;
    background: none;
    cursor: pointer;
    border-radius: 4px;
  }
  input::-webkit-slider-runnable-track {
    ${track}
  }
  input::-moz-range-track {
    ${track}
  }
  input::-webkit-slider-thumb {
    appearance: none;
    margin-top: -4px;
    ${thumb}
  }
  input::-moz-range-thumb {
    ${thumb}
  }
  /* Windows' contrast themes take backgrounds away. */
  @media (forced-colors: active) {
    input {
      --accent: Highlight;
      --line: CanvasText;
      forced-color-adjust: none;
    }
  }
  .preview {
    position: absolute;
    bottom: 24px;
    left: clamp(82px, var(--at, 0%), calc(100% - 82px));
    z-index: 2;
    width: 164px;
    display: grid;
    justify-items: center;
    gap: 4px;
    translate: -50%;
    pointer-events: none;
  }
  .preview img {
    display: block;
    width: 100%;
    border: 2px solid #fff;
    border-radius: 8px;
    background: #000;
    box-shadow: 0 4px 18px rgb(0 0 0 / 0.5);
  }
  .preview span {
    padding: 2px 9px;
    border-radius: 99px;
    font-size: 0.7812rem;
    color: #fff;
    background: rgb(12 14 18 / 0.85);
  }
`
