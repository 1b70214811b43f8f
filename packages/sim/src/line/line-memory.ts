import type { Instant } from "@doppelwerk/world";
import { placeStates } from "./line-event.ts";
import type { CompiledLine } from "./compile-line.ts";

/** What the part in a place is at. */
export const EMPTY = 0;
export const SET_UP = 1;
export const NEED = 2;
export const WORK = 3;
export const DONE = 4;

/** Bits of `placeMet`: what the part in a place has of what it needs. */
export const ASSEMBLED = 1;
export const SUPPLIED = 2;
export const STAFFED = 4;
/** The cycle time was drawn. */
export const DRAWN = 8;

/** Phases of a stop. */
export const RUNNING = 0;
export const WAITING = 1;
export const REPAIR = 2;

export const STATES = placeStates.length;

/**
 * The whole state of a running line in columns: numbers and typed arrays only (see kernel/memory.ts). Times are microseconds;
 * −1 is nothing. Parts are rows of the part columns, reused through a free list; queues are linked through `partNext`.
 */
export class LineMemory {
  key: number;
  seed: number;
  replication: number;
  start: Instant;
  measuredFrom: Instant;

  // calendar: 1 inside a shift and outside a break
  on = 0;
  inBreak = 0;
  inShift = 0;
  shiftOrdinal = -1;
  breakIndex = 0;
  /** Planned time passed up to `plannedSince`. */
  plannedBefore = 0;
  plannedSince = 0;

  // places
  placePart: Int32Array<ArrayBuffer>;
  placePhase: Uint8Array<ArrayBuffer>;
  placeRunning: Uint8Array<ArrayBuffer>;
  placeSince: Float64Array<ArrayBuffer>;
  placeLeft: Float64Array<ArrayBuffer>;
  placeCycle: Float64Array<ArrayBuffer>;
  placeHandle: Int32Array<ArrayBuffer>;
  placeSegmentStop: Int32Array<ArrayBuffer>;
  placeDownBy: Int32Array<ArrayBuffer>;
  /** Needs met: 1 assembly, 2 material, 4 operators, 8 cycle time drawn. */
  placeMet: Uint8Array<ArrayBuffer>;
  placePool: Int32Array<ArrayBuffer>;
  placeLastProduct: Int32Array<ArrayBuffer>;
  placeLoadedAt: Float64Array<ArrayBuffer>;
  placeIdleSince: Float64Array<ArrayBuffer>;
  placeTarget: Int32Array<ArrayBuffer>;
  placeTravel: Float64Array<ArrayBuffer>;
  placeNextBlocked: Int32Array<ArrayBuffer>;
  placeQueued: Uint8Array<ArrayBuffer>;
  placeSetUps: Int32Array<ArrayBuffer>;
  placeState: Uint8Array<ArrayBuffer>;
  placeStateSince: Float64Array<ArrayBuffer>;
  placeActive: Uint8Array<ArrayBuffer>;
  placeSeconds: Float64Array<ArrayBuffer>;
  placeCycles: Int32Array<ArrayBuffer>;
  placeFailures: Int32Array<ArrayBuffer>;
  placeMicroStops: Int32Array<ArrayBuffer>;

  // stations
  stationOutages: Int32Array<ArrayBuffer>;
  stationOutageEffect: Int32Array<ArrayBuffer>;
  stationDownBy: Int32Array<ArrayBuffer>;
  stationWorking: Int32Array<ArrayBuffer>;
  stationWorkSince: Float64Array<ArrayBuffer>;
  stationActive: Int32Array<ArrayBuffer>;
  stationActiveSince: Float64Array<ArrayBuffer>;
  stationBottleneck: Float64Array<ArrayBuffer>;
  stationRejects: Int32Array<ArrayBuffer>;
  stationScrap: Int32Array<ArrayBuffer>;
  sourceNumber: Float64Array<ArrayBuffer>;
  programBatch: Float64Array<ArrayBuffer>;
  programProduct: Int32Array<ArrayBuffer>;
  programLeft: Float64Array<ArrayBuffer>;
  programSize: Float64Array<ArrayBuffer>;
  arrivalCount: Float64Array<ArrayBuffer>;

  // buffers
  bufferFirst: Int32Array<ArrayBuffer>;
  bufferLast: Int32Array<ArrayBuffer>;
  bufferCount: Int32Array<ArrayBuffer>;
  bufferTravelling: Int32Array<ArrayBuffer>;
  bufferBlockedFirst: Int32Array<ArrayBuffer>;
  bufferBlockedLast: Int32Array<ArrayBuffer>;
  bufferSince: Float64Array<ArrayBuffer>;
  bufferIntegral: Float64Array<ArrayBuffer>;
  bufferMax: Int32Array<ArrayBuffer>;
  bufferIn: Float64Array<ArrayBuffer>;

  // parts
  partFree = 0;
  partsInside = 0;
  nextSerial = 1;
  partSerial: Float64Array<ArrayBuffer>;
  partProduct: Int32Array<ArrayBuffer>;
  /** Wall time of entry, and planned time of it. */
  partCreated: Float64Array<ArrayBuffer>;
  partEntered: Float64Array<ArrayBuffer>;
  /** 1 main flow, 2 entry time unknown. */
  partFlags: Uint8Array<ArrayBuffer>;
  partRejects: Int32Array<ArrayBuffer>;
  partTries: Uint8Array<ArrayBuffer>;
  partSource: Int32Array<ArrayBuffer>;
  partNumber: Float64Array<ArrayBuffer>;
  partNext: Int32Array<ArrayBuffer>;
  partTarget: Int32Array<ArrayBuffer>;
  partArrival: Float64Array<ArrayBuffer>;
  partCarriers: Int32Array<ArrayBuffer>;

  // stops
  stopPhase: Uint8Array<ArrayBuffer>;
  /** Operating time or parts to the next one. */
  stopLeft: Float64Array<ArrayBuffer>;
  /** Of the whole interval that `stopLeft` is the rest of. */
  stopInterval: Float64Array<ArrayBuffer>;
  stopCount: Float64Array<ArrayBuffer>;
  stopHandle: Int32Array<ArrayBuffer>;
  stopAt: Float64Array<ArrayBuffer>;
  stopPending: Uint8Array<ArrayBuffer>;
  stopBegan: Float64Array<ArrayBuffer>;
  stopRepairLeft: Float64Array<ArrayBuffer>;
  stopRepairDone: Float64Array<ArrayBuffer>;
  stopRepairSince: Float64Array<ArrayBuffer>;
  stopPool: Int32Array<ArrayBuffer>;

  // people; requests are places (operators), places + stop index (repair), and places + stops + place (what a step holds)
  poolCount: Int32Array<ArrayBuffer>;
  poolUsed: Int32Array<ArrayBuffer>;
  requestNext: Int32Array<ArrayBuffer>;
  requestQueued: Uint8Array<ArrayBuffer>;
  requestFirst = -1;
  requestLast = -1;

  // carriers: a ring of free ones per kind
  carrierFree: Int32Array<ArrayBuffer>;
  carrierHead: Int32Array<ArrayBuffer>;
  carrierRing: Int32Array<ArrayBuffer>;
  carrierBackAt: Float64Array<ArrayBuffer>;

  // logistics
  materialOnHand: Int32Array<ArrayBuffer>;
  materialOnWay: Int32Array<ArrayBuffer>;
  materialCalls: Int32Array<ArrayBuffer>;
  materialCalledAt: Float64Array<ArrayBuffer>;
  materialShort: Int32Array<ArrayBuffer>;
  vehiclePhase: Uint8Array<ArrayBuffer>;
  vehicleMaterial: Int32Array<ArrayBuffer>;
  vehicleUntil: Float64Array<ArrayBuffer>;
  vehicleUsed: Float64Array<ArrayBuffer>;
  vehicleCount: Float64Array<ArrayBuffer>;

  // effects
  effectActive: Uint8Array<ArrayBuffer>;
  effectCount: Float64Array<ArrayBuffer>;

  // statistics since the end of the warm-up
  good = 0;
  scrap = 0;
  rework = 0;
  started = 0;
  goodFirstPass = 0;
  plannedAtReset = 0;
  wip = 0;
  wipSince = 0;
  wipIntegral = 0;
  bottleneck = -1;
  bottleneckSince = 0;
  producedIdeal = 0;
  produced = 0;
  reruns = 0;
  scrapAfter = 0;
  goodByProduct: Int32Array<ArrayBuffer>;
  leadCount = 0;
  leadTimes: Float64Array<ArrayBuffer>;
  outputStep: number;
  outputs: Int32Array<ArrayBuffer>;
  // since the start of the run
  everEntered = 0;
  everGood = 0;
  everScrapped = 0;
  everJoined = 0;
  /** Main-flow parts inside × planned time, and the planned time that those that left had spent inside. */
  everIntegral = 0;
  everSojourn = 0;

  // shifts
  shiftCount = 0;
  shiftOrdinals: Float64Array<ArrayBuffer>;
  shiftPlanned: Float64Array<ArrayBuffer>;
  shiftClosed: Uint8Array<ArrayBuffer>;
  /** Row of figures per shift, see SHIFT_FIGURES. */
  shiftFigures: Float64Array<ArrayBuffer>;

  constructor(line: CompiledLine, seed: number, replication: number, key: number, start: Instant, outputStep: number) {
    this.seed = seed;
    this.replication = replication;
    this.key = key;
    this.start = start;
    this.measuredFrom = start;
    this.outputStep = outputStep;
    const S = line.stations.length;
    const P = line.placeStation.length;
    const B = 2 * S;
    const N = line.stops.length;
    const parts = 64;
    const i32 = (length: number, value = 0): Int32Array<ArrayBuffer> => new Int32Array(length).fill(value);
    const f64 = (length: number, value = 0): Float64Array<ArrayBuffer> => new Float64Array(length).fill(value);
    const u8 = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
    this.placePart = i32(P, -1);
    this.placePhase = u8(P);
    this.placeRunning = u8(P);
    this.placeSince = f64(P);
    this.placeLeft = f64(P);
    this.placeCycle = f64(P);
    this.placeHandle = i32(P, -1);
    this.placeSegmentStop = i32(P, -1);
    this.placeDownBy = i32(P, -1);
    this.placeMet = u8(P);
    this.placePool = i32(P, -1);
    this.placeLastProduct = i32(P, -1);
    this.placeLoadedAt = f64(P);
    this.placeIdleSince = f64(P, start);
    this.placeTarget = i32(P, -1);
    this.placeTravel = f64(P);
    this.placeNextBlocked = i32(P, -1);
    this.placeQueued = u8(P);
    this.placeSetUps = i32(P);
    this.placeState = u8(P).fill(STATES - 1);
    this.placeStateSince = f64(P, start);
    this.placeActive = u8(P);
    this.placeSeconds = f64(P * STATES);
    this.placeCycles = i32(P);
    this.placeFailures = i32(P);
    this.placeMicroStops = i32(P);
    this.stationOutages = i32(S);
    this.stationOutageEffect = i32(S, -1);
    this.stationDownBy = i32(S, -1);
    this.stationWorking = i32(S);
    this.stationWorkSince = f64(S);
    this.stationActive = i32(S);
    this.stationActiveSince = f64(S, -1);
    this.stationBottleneck = f64(S);
    this.stationRejects = i32(S);
    this.stationScrap = i32(S);
    this.sourceNumber = f64(S + 1);
    this.programBatch = f64(S);
    this.programProduct = i32(S, -1);
    this.programLeft = f64(S);
    this.programSize = f64(S);
    this.arrivalCount = f64(S);
    this.bufferFirst = i32(B, -1);
    this.bufferLast = i32(B, -1);
    this.bufferCount = i32(B);
    this.bufferTravelling = i32(B);
    this.bufferBlockedFirst = i32(B, -1);
    this.bufferBlockedLast = i32(B, -1);
    this.bufferSince = f64(B);
    this.bufferIntegral = f64(B);
    this.bufferMax = i32(B);
    this.bufferIn = f64(B);
    this.partSerial = f64(parts);
    this.partProduct = i32(parts, -1);
    this.partCreated = f64(parts);
    this.partEntered = f64(parts);
    this.partFlags = u8(parts);
    this.partRejects = i32(parts);
    this.partTries = u8(parts * line.inspectors);
    this.partSource = i32(parts);
    this.partNumber = f64(parts);
    this.partNext = Int32Array.from({ length: parts }, (_, part) => part + 1);
    this.partTarget = i32(parts, -1);
    this.partArrival = f64(parts);
    this.partCarriers = i32(parts * line.carriers.length, -1);
    this.stopPhase = u8(N);
    this.stopLeft = f64(N);
    this.stopInterval = f64(N);
    this.stopCount = f64(N);
    this.stopHandle = i32(N, -1);
    this.stopAt = f64(N);
    this.stopPending = u8(N);
    this.stopBegan = f64(N);
    this.stopRepairLeft = f64(N);
    this.stopRepairDone = f64(N);
    this.stopRepairSince = f64(N);
    this.stopPool = i32(N, -1);
    this.poolCount = Int32Array.from(line.pools, (pool) => pool.count);
    this.poolUsed = i32(line.pools.length);
    const requests = P + N + (line.components.byStation === undefined ? 0 : P);
    this.requestNext = i32(requests, -1);
    this.requestQueued = u8(requests);
    this.carrierFree = Int32Array.from(line.carriers, (carrier) => carrier.count);
    this.carrierHead = i32(line.carriers.length);
    this.carrierRing = Int32Array.from(line.carriers.flatMap((carrier) => Array.from({ length: carrier.count }, (_, index) => index)));
    this.carrierBackAt = f64(this.carrierRing.length, -1);
    this.materialOnHand = Int32Array.from(line.materials, (material) => material.model.initial ?? material.model.capacity);
    this.materialOnWay = i32(line.materials.length);
    this.materialCalls = i32(line.materials.length);
    this.materialCalledAt = f64(line.materials.length);
    this.materialShort = i32(line.materials.length);
    const vehicles = line.vehicles?.count ?? 0;
    this.vehiclePhase = u8(vehicles);
    this.vehicleMaterial = i32(vehicles, -1);
    this.vehicleUntil = f64(vehicles);
    this.vehicleUsed = f64(vehicles);
    this.vehicleCount = f64(vehicles);
    this.effectActive = u8(line.effects.length);
    this.effectCount = f64(line.effects.length);
    this.goodByProduct = i32(line.products.length + 1);
    this.leadTimes = f64(64);
    this.outputs = i32(64);
    this.shiftOrdinals = f64(4);
    this.shiftPlanned = f64(4);
    this.shiftClosed = u8(4);
    this.shiftFigures = f64(4 * SHIFT_FIGURES);
  }
}

/** Columns of `shiftFigures`: good, scrap, rework, ideal time produced at the constraint, produced, reruns, scrap at or after it. */
export const SHIFT_FIGURES = 7;
