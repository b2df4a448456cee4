import { css } from 'lit'

export const gateStyles = css`
  .body {
    display: grid;
    gap: 14px;
    padding: 2px 16px 16px;
  }
  .empty {
    padding: 0;
  }
  .chart {
    display: flex;
    align-items: flex-end;
    gap: 1px;
    height: 76px;
    border-bottom: 1px solid var(--line);
  }
  .chart div {
    position: relative;
    flex: 1;
    height: 100%;
    min-width: 0;
    background: linear-gradient(var(--raised), var(--raised)) 0 100% / 100% 100% no-repeat;
  }
  .chart u {
    position: absolute;
    inset: auto 0 0;
    background: color-mix(in srgb, var(--faint) 42%, transparent);
  }
  .chart i {
    position: absolute;
    left: 50%;
    width: 7px;
    height: 7px;
    margin-left: -3.5px;
  }
  .axis {
    display: flex;
    justify-content: space-between;
    margin-top: -9px;
    color: var(--faint);
    font-size: 11.5px;
  }
  i.first {
    border-radius: 50%;
    background: var(--ink);
  }
  i.cut {
    background: var(--live);
    transform: rotate(45deg);
  }
  i.change {
    background: var(--accent);
    border-radius: 1px;
  }
  i.interval {
    border: 2px solid var(--warn);
    border-radius: 50%;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 0;
    padding: 0;
    color: var(--soft);
    font-size: 12.5px;
    list-style: none;
  }
  .legend i,
  ol i {
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-right: 6px;
  }
  .rates {
    display: grid;
    grid-template-columns: auto minmax(40px, 1fr) auto;
    gap: 6px 12px;
    align-items: center;
  }
  .rates dd {
    white-space: nowrap;
  }
  .meter {
    height: 8px;
    border-radius: 4px;
    background: var(--raised);
    overflow: hidden;
  }
  .meter i {
    display: block;
    height: 100%;
    min-width: 2px;
    border-radius: 4px;
    background: var(--faint);
  }
  .meter.now i {
    background: var(--accent);
  }
  .meter.over i {
    background: var(--warn);
  }
  ol {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(124px, 1fr));
    gap: 10px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ol img {
    display: block;
    width: 100%;
    aspect-ratio: 16 / 9;
    object-fit: cover;
    border-radius: 7px;
    background: var(--raised);
  }
  ol small {
    display: block;
    margin-top: 3px;
    color: var(--soft);
    font-size: 12px;
  }
`
