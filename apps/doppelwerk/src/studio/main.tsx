import { startStudio } from "@doppelwerk/studio";
import { views } from "./views-of-product.ts";

await startStudio({ views, host: document.getElementById("studio")! });
