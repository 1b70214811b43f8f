import { useStudio } from "../session/context.tsx";
import { useStore } from "../store/store.ts";
import { shell } from "./shell.ts";

/** Whether the page shows the whole site: it can, there are several lines, and neither one of them nor a subject is chosen. */
export function useIsWholeSite(): boolean {
  const { address, views, world } = useStudio();
  const { view, line, subject, detail } = useStore(address.store);
  const lines = useStore(world)?.lines.length ?? 0;
  const page = views.of(shell.page).find(({ data }) => data.path === `/${view}`)?.data;
  // without boards of places the board is that of the first line
  const isBoardOfLine = view === "board" && detail === undefined && views.of(shell.placeBoard).length === 0;
  return page?.isOfSite === true && lines > 1 && line === undefined && subject === undefined && !isBoardOfLine;
}
