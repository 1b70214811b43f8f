import { inLanguage, linesOf, useLoad, useWords } from "@doppelwerk/kit/studio";

/** What lines of a branch are called in the language of the screen; one that is not there by its id. */
export function useLineNames(branch: string): (line: string) => string {
  const { language } = useWords();
  const lines = useLoad(linesOf(branch)).value ?? [];
  return (line) => {
    const title = lines.find(({ id }) => id === line)?.title;
    return title === undefined ? line : inLanguage(title, language);
  };
}
