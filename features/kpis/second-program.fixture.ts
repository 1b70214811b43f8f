// A second program for the KPIs of ISO 22400-2: it shares no code with the product. It walks raw events microsecond by microsecond of their differences, in
// whole numbers, and computes with fractions, so that nothing is rounded before the end.

/** A fraction, its denominator above 0. */
export type Fraction = readonly [numerator: bigint, denominator: bigint];

export function fraction(value: number): Fraction {
  const [mantissa = "0", exponent = "0"] = String(value).toLowerCase().split("e");
  const [whole = "0", decimals = ""] = mantissa.split(".");
  const shift = BigInt(decimals.length) - BigInt(exponent);
  const digits = BigInt(whole + decimals);
  return shift >= 0n ? [digits, 10n ** shift] : [digits * 10n ** -shift, 1n];
}

const plus = (a: Fraction, b: Fraction): Fraction => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
const minus = (a: Fraction, b: Fraction): Fraction => [a[0] * b[1] - b[0] * a[1], a[1] * b[1]];
const times = (a: Fraction, b: Fraction): Fraction => [a[0] * b[0], a[1] * b[1]];
const over = (a: Fraction, b: Fraction): Fraction => (b[0] < 0n ? [-a[0] * b[1], a[1] * -b[0]] : [a[0] * b[1], a[1] * b[0]]);
const least = (a: Fraction, b: Fraction): Fraction => (a[0] * b[1] <= b[0] * a[1] ? a : b);
const of = (value: number): Fraction => [BigInt(value), 1n];

/** The first digits, rounded half up: `0.8235294117647`. */
export function digitsOf([numerator, denominator]: Fraction, count = 13): string {
  if (numerator === 0n) return "0";
  const [sign, size] = numerator < 0n ? ["-", -numerator] : ["", numerator];
  let exponent = 0;
  for (; size >= denominator * 10n ** BigInt(exponent + 1);) exponent++;
  for (; size * 10n ** BigInt(-Math.min(0, exponent)) < denominator * 10n ** BigInt(Math.max(0, exponent));) exponent--;
  const shift = count - 1 - exponent;
  const scaled = shift >= 0 ? size * 10n ** BigInt(shift) : size / 10n ** BigInt(-shift);
  const rounded = (2n * scaled + denominator) / (2n * denominator);
  return `${sign}${Number(`${rounded}e${-shift}`).toPrecision(count)}`;
}

type Elements = Readonly<Record<string, Fraction>>;

/** The 34 KPIs as the standard writes them, in its order. */
export function secondKpis(e: Elements): Readonly<Record<string, Fraction>> {
  const x = (symbol: string): Fraction => e[symbol]!;
  const ratio = (a: string, b: string): Fraction => over(x(a), x(b));
  const events = plus(x("FE"), of(1));
  const width = minus(x("USL"), x("LSL"));
  const upper = minus(x("USL"), x("Xm"));
  const lower = minus(x("Xm"), x("LSL"));
  const performance = over(times(x("PRI"), x("PQ")), x("APT"));
  const quality = ratio("GQ", "PQ");
  return {
    workerEfficiency: ratio("APWT", "APAT"),
    allocationRatio: ratio("AUBT", "AOET"),
    throughputRate: ratio("PQ", "AOET"),
    allocationEfficiency: ratio("AUBT", "PBT"),
    utilizationEfficiency: ratio("APT", "AUBT"),
    oee: times(times(ratio("APT", "PBT"), performance), quality),
    netEquipmentEffectiveness: times(times(ratio("AUPT", "PBT"), performance), quality),
    availability: ratio("APT", "PBT"),
    effectiveness: performance,
    qualityRatio: quality,
    setupRatio: ratio("AUST", "AUPT"),
    technicalEfficiency: over(x("APT"), plus(x("APT"), x("ADET"))),
    productionProcessRatio: ratio("APT", "AOET"),
    actualToPlannedScrapRatio: ratio("SQ", "PSQ"),
    firstPassYield: ratio("GP", "IP"),
    scrapRatio: ratio("SQ", "PQ"),
    reworkRatio: ratio("RQ", "PQ"),
    fallOffRatio: ratio("SQ", "PQ1"),
    machineCapability: over(width, times(of(6), x("sdm"))),
    criticalMachineCapability: least(over(upper, times(of(3), x("sdm"))), over(lower, times(of(3), x("sdm")))),
    processCapability: over(width, times(of(6), x("sd"))),
    criticalProcessCapability: least(over(upper, times(of(3), x("sd"))), over(lower, times(of(3), x("sd")))),
    comprehensiveEnergyConsumption: ratio("E", "PQ"),
    inventoryTurns: ratio("TH", "AI"),
    finishedGoodsRatio: ratio("GQ", "CM"),
    integratedGoodsRatio: ratio("IGQ", "CM"),
    productionLossRatio: ratio("PL", "CM"),
    storageAndTransportationLossRatio: ratio("STL", "CM"),
    otherLossRatio: ratio("OL", "CM"),
    equipmentLoadRatio: ratio("PQ", "EPC"),
    meanOperatingTimeBetweenFailures: over(x("TBF"), events),
    meanTimeToFailure: over(x("TTF"), events),
    meanTimeToRestoration: over(x("TTR"), events),
    correctiveMaintenanceRatio: over(x("CMT"), plus(x("CMT"), x("PMT"))),
  };
}

/** What a station said at an instant, µs. */
export interface RawEvent {
  readonly at: number;
  readonly role: "ItemState" | "OperationMode" | "Blocked" | "Starved" | "Total" | "Good" | "Reject" | "Product";
  readonly value: string | number | boolean;
}

interface RawShift {
  readonly from: number;
  readonly to: number;
  readonly breaks: readonly { readonly from: number; readonly to: number }[];
  /** Planned run time of one unit of each product, seconds. */
  readonly runTimeS: Readonly<Record<string, number>>;
}

const MICRO_STOP_US = 300_000_000;

/** The elements of a station over one shift, out of what it said: each span between two events is looked at by itself. */
export function secondElements(events: readonly RawEvent[], { from, to, breaks, runTimeS }: RawShift): Elements {
  const spans: { from: number; to: number; state: string }[] = [];
  const now: Record<string, string | number | boolean> = {};
  const sorted = events.toSorted((a, b) => a.at - b.at);
  const [counts, ideal]: [Record<string, number>, { us: bigint }] = [{ Total: 0, Good: 0 }, { us: 0n }];
  const last: Record<string, number> = {};
  for (const [index, { at, role, value }] of sorted.entries()) {
    if (role === "Total" || role === "Good" || role === "Reject") {
      const delta = last[role] === undefined ? 0 : Number(value) - last[role]!;
      last[role] = Number(value);
      if (at >= from && at < to) {
        counts[role] = (counts[role] ?? 0) + delta;
        if (role === "Total") ideal.us += BigInt(delta) * BigInt(runTimeS[String(now["Product"])]! * 1_000_000);
      }
    } else now[role] = value;
    const until = sorted[index + 1]?.at ?? to;
    if (until > at) spans.push({ from: at, to: Math.min(until, to), state: stateOf(now) });
  }
  const joined: typeof spans = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before !== undefined && before.state === span.state && before.to === span.from) before.to = span.to;
    else joined.push({ ...span });
  }
  const us: Record<string, number> = {};
  let failures = 0;
  for (const { from: begin, to: end, state } of joined) {
    const own = state === "failed" && end - begin < MICRO_STOP_US ? "microStop" : state;
    if (own === "failed") failures++;
    let planned = Math.max(0, Math.min(end, to) - Math.max(begin, from));
    for (const pause of breaks) planned -= Math.max(0, Math.min(end, pause.to) - Math.max(begin, pause.from));
    us[own] = (us[own] ?? 0) + planned;
  }
  return elementsOf(us, failures, to - from - breaks.reduce((sum, pause) => sum + pause.to - pause.from, 0), counts, ideal.us);
}

function elementsOf(
  us: Readonly<Record<string, number>>,
  failures: number,
  plannedUs: number,
  counts: Readonly<Record<string, number>>,
  idealUs: bigint,
): Elements {
  const seconds = (...states: readonly string[]): Fraction => [
    BigInt(states.reduce((sum, state) => sum + (us[state] ?? 0), 0)),
    1_000_000n,
  ];
  const [PBT, PQ]: [Fraction, Fraction] = [[BigInt(plannedUs), 1_000_000n], of(counts["Total"]!)];
  const PRI: Fraction = [idealUs, 1_000_000n * PQ[0]];
  return {
    PBT,
    APT: seconds("working"),
    AUST: seconds("setUp"),
    AUPT: seconds("working", "setUp"),
    ADET: seconds("failed", "microStop", "blocked", "starved"),
    AUBT: seconds("working", "setUp", "failed", "microStop", "blocked", "starved"),
    TTR: seconds("failed"),
    TTF: seconds("working", "setUp"),
    TBF: seconds("working", "setUp", "failed"),
    FE: of(failures),
    CMT: seconds("failed"),
    PMT: seconds("maintenance"),
    PQ,
    GQ: of(counts["Good"]!),
    PRI,
    EPC: over(PBT, PRI),
  };
}

function stateOf(now: Readonly<Record<string, string | number | boolean>>): string {
  if (now["OperationMode"] === "Maintenance") return "maintenance";
  if (now["OperationMode"] === "SetUp") return "setUp";
  if (now["ItemState"] === "Aborted") return "failed";
  if (now["Blocked"] === true) return "blocked";
  if (now["Starved"] === true) return "starved";
  return now["ItemState"] === 3 ? "working" : "idle";
}
