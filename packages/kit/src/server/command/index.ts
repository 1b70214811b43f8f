// What subcommands share: options and arguments, and texts of unknown origin as a terminal may show them.

export { countOf, jsonOption, offsetOf, secondsOf, spanOf } from "./arguments.ts";
export { enrolByPresentation, enrolMachine, machineHeaders, machineKeyOf, type MachineJwk } from "./machine-requests.ts";
export {
  DEFAULT_PORT,
  keyOption,
  personOption,
  reach,
  remoteClient,
  printAnswer,
  secondsToListen,
  serverOption,
  worldOfServer,
  type RemoteOptions,
} from "./remote-client.ts";
export { jsonOr, settingsFrom } from "./settings-from.ts";
export { printNotice, visibleText } from "./visible-text.ts";
