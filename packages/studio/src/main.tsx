import { startStudio } from "./app/start-studio.tsx";
import { views } from "./views-of-product.ts";

startStudio({ views, host: document.getElementById("studio")! });
