// A site without the command around it: what tests of the product and of its features open.

export { openSite, SYSTEM, type OpenSite, type OpenSiteOptions } from "./open-site.ts";
export { createSiteApp } from "./register-routes.ts";
export type { ListedFeature } from "../features/resolve.ts";
