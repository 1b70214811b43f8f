import type { ReactNode } from "react";
import { useStudio } from "../session/context.tsx";
import { shellMark, type ShellMarkProps } from "../slots/shell-mark.ts";
import { ViewOutlet } from "./view-outlet.tsx";

/** All marks of a shell; mostly none. */
export function ShellMarks(props: ShellMarkProps): ReactNode {
  const { views } = useStudio();
  return views.of(shellMark).map((mark) => <ViewOutlet key={mark.id} view={mark} props={props} />);
}
