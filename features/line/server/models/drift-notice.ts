import type { DriftNotice } from "@doppelwerk/client";
import type { LineReadings } from "@doppelwerk/operations";
import type { DescribedLine } from "@doppelwerk/ports";
import { driftSince } from "@doppelwerk/sim";
import type { Drift } from "@doppelwerk/sim";
import type { Instant } from "@doppelwerk/world";

/** Over all parameters of the line together, each time it is asked. */
const FALSE_ALARMS = 0.05;
/** Live has no fit of its own age: its last shifts are held against those before. */
const RECENT_SHIFTS = 5;

/**
 * Whether the plant since an instant is still the one that was fitted before it; asked once a shift has closed since. `fittedAt` undefined = live.
 */
export function driftNotice(
  engine: LineReadings | undefined,
  fittedAt: Instant | undefined,
  observations: DescribedLine["observations"],
): DriftNotice {
  const nothing = { falseAlarms: FALSE_ALARMS, asked: 0, drifts: [] };
  const closed = (engine?.shiftIds() ?? []).flatMap((id) => {
    const shift = engine!.shift(id);
    return shift?.planned && shift.closed ? [shift] : [];
  });
  const since = fittedAt ?? closed.at(-RECENT_SHIFTS)?.from;
  const shifts = closed.filter(({ from }) => since !== undefined && from >= since).length;
  if (engine === undefined || since === undefined || shifts === 0) return { ...nothing, shifts };
  const of = (from?: Instant) => observations(engine.observations(undefined, from));
  const { drifts, asked } = driftSince(of(), of(since), FALSE_ALARMS);
  return { ...nothing, since, shifts, asked, drifts: drifts.map(shown) };
}

const nameOf: Readonly<Record<Drift["kind"], string>> = {
  cycle: "cycle",
  stopRate: "stopBetween",
  stopDuration: "stopDuration",
  reject: "reject",
};

/** Named and measured as fitted parameters are. */
function shown({ station, kind, of, before, recent, n }: Drift): DriftNotice["drifts"][number] {
  const scale = kind === "reject" ? 100 : kind === "cycle" ? 1 : 1 / 60;
  const unit = kind === "reject" ? "%" : kind === "cycle" ? "s" : "min";
  return { station, name: `${nameOf[kind]}/${of}`, unit, before: before * scale, recent: recent * scale, n };
}
