export { checkConnection, exampleAddresses, protocols, protocolsOf, wholeAddress, type Protocol } from "./protocols.ts";
