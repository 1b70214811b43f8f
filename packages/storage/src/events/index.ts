export { openEvents, type EmbeddedEventOptions } from "./embedded-events.ts";
export { WaitingEvents } from "./waiting-events.ts";
export { verifyEvents, type EventFinding, type VerifiedEvents } from "./verify-events.ts";
export { readEvents } from "./read-events.ts";
