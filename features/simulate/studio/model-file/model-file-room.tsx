import type { ReactNode } from "react";
import ModelFile from "./model-file.tsx";

/** A model of a file, asked for where nothing else was opened. */
export default function ModelFileRoom(): ReactNode {
  return <ModelFile />;
}
