import { css } from 'lit'

export const publishStyles = css`
  :host {
    max-width: 1320px;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 340px;
    gap: 16px;
    align-items: start;
  }
  .stage {
    position: relative;
    aspect-ratio: 16 / 9;
    overflow: hidden;
    color: #c3cad6;
    background: #000;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  video {
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  video.mirrored {
    scale: -1 1;
  }
  .start {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 14px;
    padding: 24px;
    text-align: center;
  }
  .start p {
    margin: 0;
    max-width: 46ch;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 10px;
  }
  .below {
    justify-content: flex-start;
    margin-top: 12px;
  }
  .panel {
    display: grid;
    gap: 14px;
    padding: 16px;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  aside {
    display: grid;
    gap: 14px;
    min-width: 0;
  }
  .said {
    margin-bottom: 14px;
  }
  @media (max-width: 900px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`
