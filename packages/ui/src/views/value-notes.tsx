import type { ReactNode } from "react";
import { useStudio } from "../session/context.tsx";
import { valueNote, type ValueNoteProps } from "../slots/value-note.ts";
import { ViewOutlet } from "./view-outlet.tsx";

/** All notes of a declared value; mostly none. */
export function ValueNotes(props: ValueNoteProps): ReactNode {
  const { views } = useStudio();
  const notes = views.of(valueNote).filter(({ data }) => data.names.includes(props.name));
  return notes.map((note) => <ViewOutlet key={note.id} view={note} props={props} />);
}
