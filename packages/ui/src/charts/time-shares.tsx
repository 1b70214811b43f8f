import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { stateLook } from "../values/state-look.ts";
import type { StateLook } from "../values/state-look.ts";
import { useWords } from "../session/context.tsx";
import { percentText } from "../values/number.ts";
import "./charts.css";

const order: readonly StateLook[] = ["running", "starved", "blocked", "setup", "stopped", "failed", "idle", "off", "unknown"];

/** Shares of time by look, merged and in one order everywhere. */
export function lookShares(seconds: Readonly<Record<string, number>>): readonly { readonly look: StateLook; readonly share: number }[] {
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const sums = new Map<StateLook, number>();
  for (const [state, value] of Object.entries(seconds)) sums.set(stateLook(state), (sums.get(stateLook(state)) ?? 0) + value);
  return order.filter((look) => (sums.get(look) ?? 0) > 0).map((look) => ({ look, share: sums.get(look)! / (total || 1) }));
}

/** Where each station's time goes: live above, branch below. */
export function TimeShares({ rows }: { readonly rows: RunResult["timeShares"] }): ReactNode {
  const { t } = useWords();
  const used = order.filter((look) =>
    rows.some((row) => [...lookShares(row.live), ...lookShares(row.branch)].some((item) => item.look === look)),
  );
  return (
    <>
      <div className="dw-shares">
        {rows.map((row) => (
          <ShareLine key={row.station} row={row} />
        ))}
      </div>
      <div className="dw-legend">
        {used.map((look) => (
          <span key={look}>
            <i className={`dw-chip is-${look}`} /> {t(`state.${look}`)}
          </span>
        ))}
      </div>
    </>
  );
}

function ShareLine({ row }: { readonly row: RunResult["timeShares"][number] }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <b>{row.station}</b>
      <div className="dw-share-pair">
        <ShareBar seconds={row.live} name={t("decide.live")} />
        <ShareBar seconds={row.branch} name={t("decide.branch")} />
      </div>
    </>
  );
}

export function ShareBar({
  seconds,
  name,
}: {
  readonly seconds: Readonly<Record<string, number>>;
  /** Whose time it is, where several bars stand together. */
  readonly name?: string;
}): ReactNode {
  const { t } = useWords();
  const shares = lookShares(seconds);
  const text = shares.map(({ look, share }) => `${t(`state.${look}`)} ${percentText(share)}`).join(", ");
  return (
    <div className="dw-share-bar" role="img" aria-label={name === undefined ? text : `${name}: ${text}`}>
      {shares.map(({ look, share }) => (
        <i
          key={look}
          className={`dw-chip is-${look}`}
          style={{ width: `${share * 100}%`, borderRadius: 0 }}
          title={`${t(`state.${look}`)} ${percentText(share)}`}
        />
      ))}
    </div>
  );
}

/** Share of time in which each station is the bottleneck, live against branch, as two dots on one line. */
export function BottleneckShift({
  rows,
  words,
}: {
  readonly rows: RunResult["bottleneck"];
  /** What the two sides are called; live and branch when absent. */
  readonly words?: readonly [string, string];
}): ReactNode {
  const { t } = useWords();
  const most = Math.max(0.1, ...rows.flatMap((row) => [row.live, row.branch]));
  const shown = rows.filter((row) => row.live > 0.01 || row.branch > 0.01).slice(0, 8);
  const x = (share: number): number => 4 + (share / most) * 92;
  return (
    <>
      <div className="dw-shares" style={{ gridTemplateColumns: "46px 1fr 96px" }}>
        {shown.map((row) => (
          <BottleneckLine key={row.station} row={row} x={x} />
        ))}
      </div>
      <div className="dw-legend">
        <span>○ {words?.[0] ?? t("decide.live")}</span>
        <span style={{ color: "var(--hue)" }}>● {words?.[1] ?? t("decide.branch")}</span>
      </div>
    </>
  );
}

function BottleneckLine({ row, x }: { readonly row: RunResult["bottleneck"][number]; readonly x: (share: number) => number }): ReactNode {
  return (
    <>
      <b>{row.station}</b>
      <svg viewBox="0 0 100 14" preserveAspectRatio="none" width="100%" height="14" aria-hidden className="dw-chart">
        <line x1="0" x2="100" y1="7" y2="7" className="dw-grid-line" vectorEffect="non-scaling-stroke" />
        <line x1={x(row.live)} x2={x(row.branch)} y1="7" y2="7" stroke="var(--hue)" strokeWidth="2" vectorEffect="non-scaling-stroke" />
        <line x1={x(row.live)} x2={x(row.live)} y1="3" y2="11" stroke="var(--dw-muted)" strokeWidth="3" vectorEffect="non-scaling-stroke" />
        <line x1={x(row.branch)} x2={x(row.branch)} y1="2" y2="12" stroke="var(--hue)" strokeWidth="5" vectorEffect="non-scaling-stroke" />
      </svg>
      <span className="is-number">
        {percentText(row.live, 0)} → {percentText(row.branch, 0)}
      </span>
    </>
  );
}
