export * from "./api.ts";
export type * from "./world-api.ts";
export type * from "./line-api.ts";
export type * from "./rail-api.ts";
export type * from "./history-api.ts";
export type * from "./connections-api.ts";
export type * from "./runs-api.ts";
export type * from "./merge-requests-api.ts";
export type * from "./proposals-api.ts";
export type * from "./documents-api.ts";
export type * from "./event-log-api.ts";
export type * from "./states-api.ts";
export type * from "./models-api.ts";
export type * from "./plants-api.ts";
export type * from "./commands-api.ts";
export type { CommandCalls } from "./commands-client.ts";
export type * from "./optimise-api.ts";
export type { JobCalls, JobProgress, ListedJob } from "./jobs-api.ts";
export { HOME_WORLD } from "./home-world.ts";
export { worldPath } from "./request.ts";
export type { NewPlaceRoles, PlaceAct, PlaceAction, PlaceAssignment, PlaceRoles, PlaceRolesCalls } from "./place-roles-api.ts";
export type { ClassCovers, NewPropertyClass, PropertyClass, PropertyClassCalls } from "./property-class-api.ts";
export type { ServerSeries, ServerState, ServerStateCalls } from "./server-state-api.ts";
export type { AccessCalls, AccessChange, AccessSet, NewAccessSet } from "./access-api.ts";
export type { ListedProvider, OfferedProvider, ProviderCalls, ProviderSettings, SessionProvider } from "./providers-api.ts";
export type { LinkedTerminal, ListedTerminal, TerminalCalls, TerminalList } from "./terminals-api.ts";
export type {
  CredentialList,
  CredentialVerdict,
  IdentityCalls,
  IdentityKind,
  IdentityList,
  IssuedCredential,
  ListedIdentity,
  NewCredential,
  TrustedIssuer,
} from "./identities-api.ts";
export type { ListedMachine, MachineCalls, MachineRole } from "./machines-api.ts";
export type { BreachCase, BreachFields, ErasedPerson, PersonalDataLine, PrivacyCalls, PrivacyTimers } from "./privacy-api.ts";
export type { Protection, ProtectionCalls } from "./protection-api.ts";
export type { IdentificationCalls, IdentifiedShell } from "./identification-api.ts";
export type { Control, ControlCalls, ControlList, ControlState } from "./controls-api.ts";
export type {
  OutsideStatement,
  TransparencyCalls,
  TransparencyEntry,
  TransparencyHead,
  OutsideSettings,
  OutsideSettingsAnswer,
  TransparencyOutside,
} from "./transparency-api.ts";
export type {
  AccountCalls,
  AccountRole,
  AccountSession,
  InvitedAccount,
  ListedAccount,
  LoggedIn,
  OwnSignIns,
  Passkey,
  PresenceWay,
  SessionInfo,
  SignInChange,
  UseNotice,
} from "./accounts-api.ts";
export type { ListedWorld, WorldCalls, WorldContent, WorldState } from "./worlds-api.ts";
export type { OptimiseCalls } from "./optimise-client.ts";
export type * from "./experiments-api.ts";
export type { PlantCalls } from "./plants-client.ts";
export type { StateCalls } from "./states-client.ts";
export * from "./aas-client.ts";
export { aasEvents, type AasEvent, type AasEventOptions, type AasEventType } from "./cloud-events.ts";
export { liveValues, type LiveValue } from "./live-values.ts";
export { call, type ArgumentsOf, type Callable, type Caller, type CallOptions, type CallTo, type ParamsOf } from "./call.ts";
export { createClient } from "./client.ts";
export type { Call, Client, ClientOptions } from "./client.ts";
export type { After, LiveEvent, LiveOptions, LiveSession, LiveState, WebSocketConstructor, WebSocketLike } from "./live-session.ts";
export type { ClientPerson, FetchLike, Requester, ResponseLike } from "./request.ts";
