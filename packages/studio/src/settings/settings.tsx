import { useMediaQuery } from "@mantine/hooks";
import {
  IconArchive,
  IconArrowLeft,
  IconBox,
  IconCalendar,
  IconChevronRight,
  IconList,
  IconLock,
  IconPlug,
  IconServer,
  IconUser,
  IconUsers,
  type Icon as TablerIcon,
} from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useRef } from "react";
import type { ReactNode } from "react";
import {
  AddressLink,
  anchorOf,
  Empty,
  Heading,
  HeadingLevel,
  titleOf,
  useListedParts,
  useStore,
  useStudio,
  useWords,
  ViewOutlet,
  Waiting,
  type ListedPart,
  type PartIcon,
  type Translate,
} from "@doppelwerk/ui";
import "./settings.css";

const ServerState = lazy(() => import("../server-state/server-state.tsx").then(({ ServerState: view }) => ({ default: view })));
/** Detail of the address that shows how the server is, in place of a part. */
const STATE = "state";

// not those of the frame: what it shares with a page is loaded before the icons are
const ICONS: Readonly<Record<PartIcon, TablerIcon>> = {
  archive: IconArchive,
  box: IconBox,
  calendar: IconCalendar,
  list: IconList,
  lock: IconLock,
  plug: IconPlug,
  server: IconServer,
  user: IconUser,
  users: IconUsers,
};

/** What can be set and looked after, in parts: `/settings/NAME`. Without a name a wide screen shows the first part beside the list, a phone the list. */
export default function Settings(): ReactNode {
  const { detail, card } = useStore(useStudio().address.store);
  const parts = useListedParts();
  const isPhone = useMediaQuery("(max-width: 700px)", undefined, { getInitialValueInEffect: false }) ?? false;
  if (detail === STATE)
    return (
      <div className="dw-page">
        <Suspense fallback={<Waiting />}>
          <ServerState />
        </Suspense>
      </div>
    );
  if (parts === undefined) return <Waiting />;
  // a card is found whatever part its link names
  const ofCard = card === undefined ? undefined : parts.find(({ cards }) => cards.some((each) => anchorOf(each) === card));
  const named = parts.find(({ view }) => view.data.name === detail);
  const shown = ofCard ?? named ?? (detail === undefined && !isPhone ? parts[0] : undefined);
  const isList = isPhone && shown === undefined && detail === undefined;
  return (
    <div className="dw-page">
      <div className={`dw-settings ${isPhone ? "is-phone" : ""}`}>
        {(!isPhone || isList) && <PartList parts={parts} shown={shown} />}
        {shown !== undefined && <Part key={shown.view.id} part={shown} isPhone={isPhone} card={card} />}
        {shown === undefined && !isList && <NoPart />}
      </div>
    </div>
  );
}

function PartList({ parts, shown }: { readonly parts: readonly ListedPart[]; readonly shown: ListedPart | undefined }): ReactNode {
  const { t } = useWords();
  return (
    <nav className="dw-settings-parts" aria-label={t("settings.parts")}>
      <ul>
        {parts.map((part) => {
          const { name, title, icon } = part.view.data;
          const Icon = ICONS[icon];
          return (
            <li key={name}>
              <AddressLink
                className="dw-settings-part-link"
                isCurrent={part === shown}
                to={{ view: "settings", detail: name, card: undefined }}
              >
                <Icon size={18} stroke={1.6} aria-hidden />
                <span>
                  {t(title)}
                  <small className="dw-narrow">{titlesOf(part, t)}</small>
                </span>
                <IconChevronRight className="dw-narrow" size={18} aria-hidden />
              </AddressLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function titlesOf({ cards }: ListedPart, t: Translate): string {
  return cards
    .flatMap((card) => titleOf(card) ?? [])
    .map((title) => t(title))
    .join(" · ");
}

interface PartProps {
  readonly part: ListedPart;
  readonly isPhone: boolean;
  /** What the address leads to. */
  readonly card: string | undefined;
}

function Part({ part: { view, cards }, isPhone, card }: PartProps): ReactNode {
  const { t } = useWords();
  const { title, about } = view.data;
  const head = useRef<HTMLHeadingElement>(null);
  // the list that was pressed is gone
  useEffect(() => {
    if (isPhone && card === undefined) head.current?.focus({ preventScroll: true });
  }, [isPhone, card]);
  return (
    <section className="dw-settings-part" aria-label={t(title)}>
      <header className="dw-settings-head">
        {isPhone && (
          <AddressLink className="dw-settings-back" to={{ view: "settings", detail: undefined, card: undefined }}>
            <IconArrowLeft size={18} aria-hidden />
            {t("view.settings")}
          </AddressLink>
        )}
        <Heading ref={head} tabIndex={-1}>
          {t(title)}
        </Heading>
        <p className="dw-fine">{t(about)}</p>
      </header>
      <HeadingLevel>
        <ViewOutlet view={view} props={{ cards }} />
      </HeadingLevel>
    </section>
  );
}

/** Of an address that leads nowhere, or nowhere for this person. */
function NoPart(): ReactNode {
  const { address } = useStudio();
  const { t } = useWords();
  return (
    <Empty
      title={t("settings.noPart")}
      text={t("settings.noPart.text")}
      action={t("settings.noPart.all")}
      onAction={() => address.go({ detail: undefined, card: undefined })}
    />
  );
}
