import { css } from 'lit'

export const timelineStyles = css`
  :host {
    overflow: visible;
    min-width: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 14px;
    padding: 9px 12px 8px 16px;
  }
  h2 {
    padding: 0;
    margin-right: auto;
  }
  [role='group'] {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  button {
    height: 26px;
    min-width: 26px;
    padding: 0 9px;
    font-size: 0.7812rem;
    color: var(--soft);
    background: none;
    border: 1px solid var(--line);
    border-radius: 99px;
  }
  button:hover:not(:disabled),
  button[aria-pressed='true'] {
    color: var(--ink);
    background: var(--raised);
  }
  button[aria-pressed='true'] {
    border-color: var(--faint);
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  .rows {
    display: grid;
    grid-template-columns: minmax(84px, 132px) minmax(0, 1fr) 46px;
    gap: 12px;
    padding: 0 16px;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.7812rem;
  }
  li {
    display: flex;
    align-items: center;
    gap: 8px;
    height: 26px;
    min-width: 0;
  }
  li i {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 2px;
    background: var(--k);
  }
  li span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .totals li {
    justify-content: flex-end;
    color: var(--soft);
  }
  .track {
    position: relative;
    min-width: 0;
  }
  .stage {
    border-radius: 4px;
    cursor: crosshair;
    touch-action: pan-y;
    user-select: none;
  }
  .stage.over {
    cursor: pointer;
  }
  canvas {
    display: block;
    width: 100%;
  }
  .playhead,
  .cursor {
    position: absolute;
    top: 0;
    bottom: 19px;
    left: 0;
    width: 2px;
    margin-left: -1px;
    background: var(--ink);
    border-radius: 1px;
    pointer-events: none;
    will-change: transform;
  }
  .cursor {
    width: 1px;
    margin-left: 0;
    background: var(--faint);
  }
  ma-timeline-tip {
    position: absolute;
    z-index: 2;
    top: 0;
    left: 0;
    width: 216px;
    pointer-events: none;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 6px 16px;
    padding: 4px 12px 11px 16px;
    font-size: 0.75rem;
    color: var(--faint);
  }
  footer p {
    margin: 0;
  }
  footer p.loud {
    color: var(--ink);
  }
  @media (max-width: 560px) {
    .rows {
      grid-template-columns: 84px minmax(0, 1fr);
      gap: 8px;
      padding: 0 12px;
    }
    .totals,
    .hint {
      display: none;
    }
    header,
    footer {
      padding-left: 12px;
    }
  }
`
