export * from "./api.ts";
export * from "./aas-client.ts";
export { createClient } from "./client.ts";
export type { Call, Client, ClientOptions } from "./client.ts";
export type { After, LiveEvent, LiveOptions, LiveSession, LiveState, WebSocketConstructor, WebSocketLike } from "./live-session.ts";
export type { ClientPerson, FetchLike, ResponseLike } from "./request.ts";
