import { startStudio } from "./app/start-studio.tsx";
import { views } from "./views-of-product.ts";

await startStudio({ views, host: document.getElementById("studio")! });
