// A world without the command around it: what tests of the product and of its features open.

export { openHostedWorld, SYSTEM, type HostedWorld, type HostedWorldOptions } from "./open-hosted-world.ts";
export { openWorlds, type OpenWorlds, type WorldsOptions } from "./open-worlds.ts";
export { createSiteApp, createWorldsApp } from "./register-routes.ts";
export { attachWorlds } from "../routes/world-sockets.ts";
export type { ListedFeature } from "../features/resolve.ts";
export { loadPacks, type LoadedPacks, type PackState } from "../packs/load-packs.ts";
