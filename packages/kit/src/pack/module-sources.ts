/** Sources of a module that a browser asks for as `.js`, the first that is there. */
export function sourcesOf(path: string): readonly string[] {
  return path.endsWith(".js") ? [`${path.slice(0, -3)}.tsx`, `${path.slice(0, -3)}.ts`, `${path.slice(0, -3)}.jsx`] : [];
}

/** Whether an author's folder has a file, or a source that it is compiled of; `has` answers for the files that stand in it. */
export function hasOrMakes(has: (path: string) => boolean): (path: string) => boolean {
  return (path) => has(path) || sourcesOf(path).some(has);
}
