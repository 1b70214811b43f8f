export { checkConnection, exampleAddresses, protocols, protocolsOf, type Protocol } from "./protocols.ts";
