import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `DOPPELWERK_SERVER` points the development server at a running `doppelwerk serve`.
const server = process.env.DOPPELWERK_SERVER ?? "http://127.0.0.1:4848";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: "dist", emptyOutDir: true, target: "es2024", chunkSizeWarningLimit: 1200, sourcemap: false },
  server: { proxy: { "/api": server, "/worlds": server, "/ws": { target: server.replace(/^http/, "ws"), ws: true } } },
});
