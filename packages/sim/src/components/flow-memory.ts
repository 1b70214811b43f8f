import type { CompiledFlow } from "./compiled-flow.ts";
import { MICROSECONDS } from "./flow-time.ts";

// What a place is at.
export const EMPTY = 0;
export const SET_UP = 1;
/** Waits for operators. */
export const NEED = 2;
export const WORK = 3;
/** Holds an item that may go on. */
export const DONE = 4;
/** Waits for room ahead before it begins (blocking before service). */
export const ROOM = 5;
/** Waits until the litres it needs are there. */
export const DRAW = 6;
/** Waits until there is room for the litres it gives. */
export const POUR = 7;

/** What a place of a station shows; the order is that of `stateSeconds`. */
export const stationStates = [
  "working",
  "setUp",
  "blocked",
  "starved",
  "failed",
  "waitingRepair",
  "maintenance",
  "waitingOperator",
  "break",
] as const;
export type StationState = (typeof stationStates)[number];
export const STATES = stationStates.length;

/** Bins of lead times: 64 an octave of microseconds, so a quantile is right to 0.8 %. */
export const LEAD_BINS = 64 * 56;

/** The whole state of a flow in columns: numbers and typed arrays only (kernel/memory.ts). Times are microseconds; −1 is nothing. */
export class FlowMemory {
  key: number;
  measuredFrom = 0;
  /** Steps carried out at the instant `stepsAt`: finds circles that take no time. */
  steps = 0;
  stepsAt = -1;

  // what is to be done within the present instant: 2·node = room there, 2·place + 1 = it has something to give
  agenda: Int32Array<ArrayBuffer>;
  agendaHead = 0;
  agendaTail = 0;
  nodeAsked: Uint8Array<ArrayBuffer>;
  placeAsked: Uint8Array<ArrayBuffer>;

  // nodes
  content: Int32Array<ArrayBuffer>;
  reserved: Int32Array<ArrayBuffer>;
  open: Int32Array<ArrayBuffer>;
  closed: Uint8Array<ArrayBuffer>;
  queueFirst: Int32Array<ArrayBuffer>;
  queueLast: Int32Array<ArrayBuffer>;
  queueCount: Int32Array<ArrayBuffer>;
  waitFirst: Int32Array<ArrayBuffer>;
  waitLast: Int32Array<ArrayBuffer>;
  draws: Float64Array<ArrayBuffer>;
  verdicts: Float64Array<ArrayBuffer>;
  timer: Int32Array<ArrayBuffer>;
  /** Time of the last entry and exit (conveyor; belt reading where the belt stops). */
  lastIn: Float64Array<ArrayBuffer>;
  lastOut: Float64Array<ArrayBuffer>;
  beltRead: Float64Array<ArrayBuffer>;
  beltSince: Float64Array<ArrayBuffer>;
  beltRuns: Uint8Array<ArrayBuffer>;
  roomTimer: Int32Array<ArrayBuffer>;
  heldFirst: Int32Array<ArrayBuffer>;
  // sources
  sourceCount: Float64Array<ArrayBuffer>;
  sourceCursor: Float64Array<ArrayBuffer>;
  sourceLeft: Float64Array<ArrayBuffer>;
  sourceBase: Float64Array<ArrayBuffer>;
  sourceDraws: Float64Array<ArrayBuffer>;
  // statistics of nodes
  integral: Float64Array<ArrayBuffer>;
  stay: Float64Array<ArrayBuffer>;
  waited: Float64Array<ArrayBuffer>;
  entered: Float64Array<ArrayBuffer>;
  left: Float64Array<ArrayBuffer>;
  most: Int32Array<ArrayBuffer>;
  rejects: Float64Array<ArrayBuffer>;
  scrapped: Float64Array<ArrayBuffer>;
  lost: Float64Array<ArrayBuffer>;

  // places
  phase: Uint8Array<ArrayBuffer>;
  held: Int32Array<ArrayBuffer>;
  isOpen: Uint8Array<ArrayBuffer>;
  outItem: Int32Array<ArrayBuffer>;
  outTarget: Int32Array<ArrayBuffer>;
  outLink: Int32Array<ArrayBuffer>;
  outRoute: Int32Array<ArrayBuffer>;
  outReserved: Uint8Array<ArrayBuffer>;
  rest: Int32Array<ArrayBuffer>;
  running: Uint8Array<ArrayBuffer>;
  since: Float64Array<ArrayBuffer>;
  todo: Float64Array<ArrayBuffer>;
  whole: Float64Array<ArrayBuffer>;
  handle: Int32Array<ArrayBuffer>;
  segmentStop: Int32Array<ArrayBuffer>;
  lastProduct: Int32Array<ArrayBuffer>;
  setUpDone: Uint8Array<ArrayBuffer>;
  setUps: Float64Array<ArrayBuffer>;
  staffed: Uint8Array<ArrayBuffer>;
  state: Uint8Array<ArrayBuffer>;
  stateSince: Float64Array<ArrayBuffer>;
  stateTime: Float64Array<ArrayBuffer>;
  cycles: Float64Array<ArrayBuffer>;
  failures: Float64Array<ArrayBuffer>;

  // links between a place and a node it may wait for; previous −2 = not waiting
  linkNext: Int32Array<ArrayBuffer>;
  linkPrevious: Int32Array<ArrayBuffer>;
  routeTurn: Float64Array<ArrayBuffer>;

  // stops: 0 clock runs, 1 waits for the item in work to end, 2 waits for repair, 3 in repair
  stopPhase: Uint8Array<ArrayBuffer>;
  stopLeft: Float64Array<ArrayBuffer>;
  stopDraws: Float64Array<ArrayBuffer>;

  calendarOn: Uint8Array<ArrayBuffer>;
  calendarIndex: Int32Array<ArrayBuffer>;
  calendarBase: Float64Array<ArrayBuffer>;

  // operators; requesters are places, then stops
  groupUsed: Int32Array<ArrayBuffer>;
  groupTime: Float64Array<ArrayBuffer>;
  groupWalks: Float64Array<ArrayBuffer>;
  taken: Int32Array<ArrayBuffer>;
  requestNext: Int32Array<ArrayBuffer>;
  requested: Uint8Array<ArrayBuffer>;
  requestFirst = -1;
  requestLast = -1;

  limitUsed: Int32Array<ArrayBuffer>;
  limitTime: Float64Array<ArrayBuffer>;

  // vehicles: 0 idle, 1 to the item, 2 loading, 3 with the item, 4 unloading, 5 waits for room, 6 to the charger, 7 charging
  vehiclePhase: Uint8Array<ArrayBuffer>;
  vehicleAt: Int32Array<ArrayBuffer>;
  vehicleGoal: Int32Array<ArrayBuffer>;
  vehicleNode: Int32Array<ArrayBuffer>;
  vehicleHop: Int32Array<ArrayBuffer>;
  vehicleDriven: Float64Array<ArrayBuffer>;
  vehicleDraws: Float64Array<ArrayBuffer>;
  vehicleIdleSince: Float64Array<ArrayBuffer>;
  vehicleTime: Float64Array<ArrayBuffer>;
  vehicleZone: Int32Array<ArrayBuffer>;
  vehicleNext: Int32Array<ArrayBuffer>;
  zoneBy: Int32Array<ArrayBuffer>;
  zoneFirst: Int32Array<ArrayBuffer>;
  called: Int32Array<ArrayBuffer>;

  // fluids, litres
  fluidSince = 0;
  fluidTimer = -1;
  tankLevel: Float64Array<ArrayBuffer>;
  tankIntegral: Float64Array<ArrayBuffer>;
  tankEmpty: Float64Array<ArrayBuffer>;
  tankFull: Float64Array<ArrayBuffer>;
  pipeFlow: Float64Array<ArrayBuffer>;
  pipeOpen: Uint8Array<ArrayBuffer>;
  pipeLitres: Float64Array<ArrayBuffer>;
  pipeEver: Float64Array<ArrayBuffer>;
  pipeDraws: Float64Array<ArrayBuffer>;
  fluidDue = -1;
  tankNet: Float64Array<ArrayBuffer>;
  watchArmed: Uint8Array<ArrayBuffer>;
  drawn: Uint8Array<ArrayBuffer>;
  /** Places that wait for litres or for room for them, in their order. */
  doseWaits: Uint8Array<ArrayBuffer>;
  doseNext: Int32Array<ArrayBuffer>;
  doseFirst = -1;
  doseLast = -1;
  litresTaken: Float64Array<ArrayBuffer>;
  litresGiven: Float64Array<ArrayBuffer>;
  everTaken = 0;
  everGiven = 0;

  // robots: phases are those of robots.ts
  robotPhase: Uint8Array<ArrayBuffer>;
  robotAt: Int32Array<ArrayBuffer>;
  robotGoal: Int32Array<ArrayBuffer>;
  robotNode: Int32Array<ArrayBuffer>;
  robotLink: Int32Array<ArrayBuffer>;
  robotDraws: Float64Array<ArrayBuffer>;
  robotTime: Float64Array<ArrayBuffer>;
  robotIdleSince: Float64Array<ArrayBuffer>;
  robotPicks: Float64Array<ArrayBuffer>;
  robotZoneBy: Int32Array<ArrayBuffer>;
  /** Since when an item waits for a robot. */
  linkSince: Float64Array<ArrayBuffer>;

  // items
  itemFree = -1;
  itemRows = 0;
  itemProduct: Int32Array<ArrayBuffer>;
  itemEntered: Float64Array<ArrayBuffer>;
  itemSince: Float64Array<ArrayBuffer>;
  itemReady: Float64Array<ArrayBuffer>;
  itemNext: Int32Array<ArrayBuffer>;
  itemContent: Int32Array<ArrayBuffer>;
  itemRoute: Int32Array<ArrayBuffer>;
  itemTries: Int32Array<ArrayBuffer>;
  itemLimits: Int32Array<ArrayBuffer>;

  // the whole
  inside = 0;
  insideMost = 0;
  insideIntegral = 0;
  good = 0;
  goodContents = 0;
  scrap = 0;
  lostAll = 0;
  leadCount = 0;
  leadSum = 0;
  leadMost = 0;
  leadBins: Int32Array<ArrayBuffer>;
  goodByProduct: Float64Array<ArrayBuffer>;
  leadByProduct: Float64Array<ArrayBuffer>;
  // since the beginning, never reset
  everEntered = 0;
  everMade = 0;
  everGood = 0;
  everScrapped = 0;
  everLost = 0;
  everJoined = 0;
  everIntegral = 0;
  everSojourn = 0;
  // series of the mean number inside by step, for the warm-up
  seriesStep = 0;
  seriesLast = 0;
  seriesCount = 0;
  series: Float64Array<ArrayBuffer>;

  custom: Float64Array<ArrayBuffer>;

  constructor(flow: CompiledFlow, key: number) {
    this.key = key;
    const N = flow.nodes.length;
    const P = flow.placeNode.length;
    const L = flow.linkTarget.length;
    const S = flow.stops.length;
    const G = flow.groups.length;
    const V = flow.network.vehicles;
    const rows = 64;
    const i32 = (length: number, value = 0): Int32Array<ArrayBuffer> => new Int32Array(length).fill(value);
    const f64 = (length: number, value = 0): Float64Array<ArrayBuffer> => new Float64Array(length).fill(value);
    const u8 = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
    let ring = 16;
    while (ring < N + P + 2) ring *= 2;
    this.agenda = i32(ring);
    this.nodeAsked = u8(N);
    this.placeAsked = u8(P);
    this.content = i32(N);
    this.reserved = i32(N);
    this.open = i32(N);
    this.closed = u8(N);
    this.queueFirst = i32(N, -1);
    this.queueLast = i32(N, -1);
    this.queueCount = i32(N);
    this.waitFirst = i32(N, -1);
    this.waitLast = i32(N, -1);
    this.draws = f64(N);
    this.verdicts = f64(N);
    this.timer = i32(N, -1);
    this.lastIn = f64(N, -Infinity);
    this.lastOut = f64(N, -Infinity);
    this.beltRead = f64(N);
    this.beltSince = f64(N);
    this.beltRuns = u8(N).fill(1);
    this.roomTimer = i32(N, -1);
    this.heldFirst = i32(N, -1);
    this.sourceCount = f64(N);
    this.sourceCursor = f64(N);
    this.sourceLeft = f64(N);
    this.sourceBase = f64(N);
    this.sourceDraws = f64(N);
    this.integral = f64(N);
    this.stay = f64(N);
    this.waited = f64(N);
    this.entered = f64(N);
    this.left = f64(N);
    this.most = i32(N);
    this.rejects = f64(N);
    this.scrapped = f64(N);
    this.lost = f64(N);
    this.phase = u8(P);
    this.held = i32(P);
    this.isOpen = u8(P);
    this.outItem = i32(P, -1);
    this.outTarget = i32(P, -1);
    this.outLink = i32(P, -1);
    this.outRoute = i32(P, -1);
    this.outReserved = u8(P);
    this.rest = i32(P, -1);
    this.running = u8(P);
    this.since = f64(P);
    this.todo = f64(P);
    this.whole = f64(P);
    this.handle = i32(P, -1);
    this.segmentStop = i32(P, -1);
    this.lastProduct = i32(P, -1);
    this.setUpDone = u8(P);
    this.setUps = f64(P);
    this.staffed = u8(P);
    this.state = u8(P).fill(3);
    this.stateSince = f64(P);
    this.stateTime = f64(P * STATES);
    this.cycles = f64(P);
    this.failures = f64(P);
    this.linkNext = i32(L, -1);
    this.linkPrevious = i32(L, -2);
    this.routeTurn = f64(flow.routes.length);
    this.stopPhase = u8(S);
    this.stopLeft = f64(S);
    this.stopDraws = f64(S);
    this.calendarOn = Uint8Array.from(flow.calendars, (calendar) => (calendar.onAtStart ? 1 : 0));
    this.calendarIndex = i32(flow.calendars.length);
    this.calendarBase = f64(flow.calendars.length);
    this.groupUsed = i32(G);
    this.groupTime = f64(G);
    this.groupWalks = f64(G);
    this.taken = i32((P + S) * G);
    this.requestNext = i32(P + S, -1);
    this.requested = u8(P + S);
    this.limitUsed = i32(flow.limits.length);
    this.limitTime = f64(flow.limits.length);
    this.vehiclePhase = u8(V);
    this.vehicleAt = Int32Array.from(flow.network.fleets.flatMap((fleet) => Array.from({ length: fleet.vehicles }, () => fleet.home)));
    this.vehicleGoal = i32(V, -1);
    this.vehicleNode = i32(V, -1);
    this.vehicleHop = i32(V, -1);
    this.vehicleDriven = f64(V);
    this.vehicleDraws = f64(V);
    this.vehicleIdleSince = f64(V);
    this.vehicleTime = f64(V);
    this.vehicleZone = i32(V, -1);
    this.vehicleNext = i32(V, -1);
    this.zoneBy = i32(flow.network.zones.length, -1);
    this.zoneFirst = i32(flow.network.zones.length, -1);
    this.called = i32(N);
    const { tanks, pipes, watches } = flow.fluids;
    this.tankLevel = Float64Array.from(tanks, (tank) => tank.initial);
    this.tankIntegral = f64(tanks.length);
    this.tankEmpty = f64(tanks.length);
    this.tankFull = f64(tanks.length);
    this.pipeFlow = f64(pipes.length);
    this.pipeOpen = u8(pipes.length);
    this.pipeLitres = f64(pipes.length);
    this.pipeEver = f64(pipes.length);
    this.pipeDraws = f64(pipes.length);
    const doses = flow.nodes.some((node) => node.takes.length + node.gives.length > 0);
    this.tankNet = f64(tanks.length);
    this.watchArmed = u8(watches.length).fill(1);
    this.drawn = u8(doses ? P : 0);
    this.doseWaits = u8(doses ? P : 0);
    this.doseNext = i32(doses ? P : 0, -1);
    this.litresTaken = f64(doses ? N : 0);
    this.litresGiven = f64(doses ? N : 0);
    const { robots, zones } = flow.robots;
    const R = robots.length;
    this.robotPhase = u8(R);
    this.robotAt = Int32Array.from(robots, (robot) => robot.home);
    this.robotGoal = i32(R, -1);
    this.robotNode = i32(R, -1);
    this.robotLink = i32(R, -1);
    this.robotDraws = f64(R);
    this.robotTime = f64(R);
    this.robotIdleSince = f64(R);
    this.robotPicks = f64(R);
    this.robotZoneBy = i32(zones, -1);
    this.linkSince = f64(R > 0 ? L : 0);
    this.itemProduct = i32(rows);
    this.itemEntered = f64(rows);
    this.itemSince = f64(rows);
    this.itemReady = f64(rows);
    this.itemNext = i32(rows, -1);
    this.itemContent = i32(rows, -1);
    this.itemRoute = i32(rows, -1);
    this.itemTries = i32(rows);
    this.itemLimits = i32(rows);
    this.leadBins = i32(LEAD_BINS);
    this.goodByProduct = f64(flow.products.length);
    this.leadByProduct = f64(flow.products.length);
    this.series = f64(0);
    this.custom = f64(flow.columns);
  }
}

/** Longest time a run may cover: microseconds stay exact in sums over many items. */
export const MAX_RUN = 1e10 * MICROSECONDS;
