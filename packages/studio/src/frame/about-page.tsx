import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { auditPage, shell, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { Address, Explained, PlainCode, Studio } from "@doppelwerk/ui";

/** What is shown is for, in one line, and the guides: its own, all of them, the errors by their codes. */
export function AboutPage(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { title, about, guide } = explained(studio, useStore(studio.address.store));
  return (
    <section className="dw-about">
      {title !== undefined && <h3>{t(title)}</h3>}
      {about !== undefined && <p>{t(about)}</p>}
      <nav className="dw-about-links" aria-label={t("frame.guides")}>
        {guide !== undefined && title !== undefined && <GuideLink name={guide} text={t("frame.guideOf", { name: t(title) })} />}
        <GuideLink name="errors" text={t("frame.guideErrors")} />
        <GuideLink text={t("frame.guides")} />
      </nav>
    </section>
  );
}

/** A page of a pack may leave out what it is for. */
type Shown = Partial<Explained> & { readonly title?: PlainCode };

/** What stands in the place of the page, the part of the page that the address names, or the page. */
function explained(studio: Studio, { view, detail, audit }: Address): Shown {
  if (audit !== undefined) return studio.views.of(auditPage)[0]?.data ?? {};
  const page = studio.views.of(shell.page).find(({ data }) => data.path === `/${view}`)?.data;
  if (page?.parts === undefined || detail === undefined) return page ?? {};
  const parts = studio.views.of<Shown & { readonly name: string }, unknown>({ at: page.parts });
  const part = parts.find(({ data }) => detail.startsWith(data.name))?.data;
  return { ...page, ...part };
}

function GuideLink({ name, text }: { readonly name?: string; readonly text: string }): ReactNode {
  return (
    <a href={name === undefined ? "/guide" : `/guide/${name}`} target="_blank" rel="noreferrer">
      {text}
      <IconExternalLink size={14} aria-hidden />
    </a>
  );
}
