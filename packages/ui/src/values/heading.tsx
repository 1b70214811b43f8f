import { createContext, useContext } from "react";
import type { ComponentProps, ReactNode } from "react";

type Level = 2 | 3 | 4 | 5;

/** How deep the next heading is: a card below the heading of a part of the page is one deeper than a card of the page itself. */
const LevelContext = createContext<Level>(2);

/** Headings inside are one deeper. */
export function HeadingLevel({ children }: { readonly children: ReactNode }): ReactNode {
  const level = useContext(LevelContext);
  return <LevelContext value={level < 5 ? ((level + 1) as Level) : level}>{children}</LevelContext>;
}

/** A heading, as deep as where it stands. */
export function Heading(props: ComponentProps<"h2">): ReactNode {
  const Tag = `h${useContext(LevelContext)}` as const;
  return <Tag {...props} />;
}
