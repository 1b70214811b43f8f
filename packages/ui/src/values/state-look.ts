/** How a line state is drawn on bands, strips and time tables: one mapping for canvas and DOM. */
export type StateLook = "running" | "idle" | "blocked" | "starved" | "setup" | "failed" | "stopped" | "off" | "unknown";

const looks: Readonly<Record<string, StateLook>> = {
  running: "running",
  working: "running",
  executing: "running",
  idle: "idle",
  ready: "idle",
  break: "idle",
  blocked: "blocked",
  starved: "starved",
  waitingMaterial: "starved",
  waitingOperator: "starved",
  setup: "setup",
  setUp: "setup",
  changeover: "setup",
  failed: "failed",
  waitingRepair: "failed",
  outage: "failed",
  stopped: "stopped",
  microStop: "stopped",
  off: "off",
  unplanned: "off",
  maintenance: "off",
};

/** A word nobody mapped is unknown, and drawn so; never as uptime. */
export function stateLook(state: string): StateLook {
  return looks[state] ?? "unknown";
}
