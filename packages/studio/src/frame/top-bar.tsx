import { ActionIcon, Menu, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconChevronRight,
  IconContrast,
  IconHelp,
  IconLayoutSidebarRightExpand,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconDeviceDesktop,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Person } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import { Hint, branchHue, inLanguage, middleCut, shell, stationName, useStore, useStudio, useWords, ViewOutlet } from "@doppelwerk/ui";
import { MomentPill } from "./moment-pill.tsx";
import { WorldSwitch } from "./world-switch.tsx";
import type { Studio } from "@doppelwerk/ui";
import type { Translate } from "@doppelwerk/ui";

/** Columns of the name of a branch; its middle goes first. */
const MAX_NAME = 30;

export function TopBar({
  onPalette,
  onHelp,
  hasInspector,
}: {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
  readonly hasInspector: boolean;
}): ReactNode {
  const { t } = useWords();
  return (
    <header className="dw-top">
      <WorldSwitch />
      <Crumbs />
      <span className="dw-grow" />
      <UnstyledButton className="dw-search" title={t("frame.search")} onClick={onPalette}>
        <IconSearch size={16} />
        <span>{t("frame.search")}</span>
        <kbd>{navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"}</kbd>
      </UnstyledButton>
      <MomentPill />
      <BranchPill />
      <People />
      <Hint label={t("frame.help")} keys="?">
        <ActionIcon className="dw-wide" variant="subtle" color="gray" aria-label={t("frame.help")} onClick={onHelp}>
          <IconHelp size={20} />
        </ActionIcon>
      </Hint>
      <ThemeMenu />
      <LanguageSwitch />
      {hasInspector && <InspectorSwitch />}
    </header>
  );
}

/** Only while the inspector is away; open, it bears its own switch. */
function InspectorSwitch(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { inspector } = useStore(studio.address.store);
  if (inspector) return null;
  return (
    <Hint label={t("frame.openInspector")} keys="I" position="bottom-end">
      <ActionIcon
        className="dw-wide"
        variant="subtle"
        color="gray"
        aria-label={t("frame.openInspector")}
        onClick={() => studio.address.amend({ inspector: true })}
      >
        <IconLayoutSidebarRightExpand size={20} />
      </ActionIcon>
    </Hint>
  );
}

function Crumbs(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const world = useStore(studio.world);
  const line = useStore(studio.line);
  const { subject } = useStore(studio.address.store);
  const station = line?.stations.find((candidate) => candidate.id === subject || candidate.shell === subject);
  const known = world?.lines.find(({ id }) => id === line?.id)?.path ?? world?.path ?? [];
  const path = world === undefined || known.length > 0 ? known : [world.title];
  const names = path.map((step) => inLanguage(step, language));
  if (station !== undefined) names.push(`${station.id} ${stationName(station, language)}`);
  const steps = names.map((step, index) => (
    <span key={step} className="dw-crumb">
      {index > 0 && <IconChevronRight size={14} aria-hidden />}
      <UnstyledButton
        className={index === names.length - 1 ? "is-last" : ""}
        aria-current={index === names.length - 1 ? "page" : undefined}
        onClick={() => studio.address.go(index < path.length ? { subject: undefined } : { inspector: true })}
      >
        {step}
      </UnstyledButton>
    </span>
  ));
  const [crumbs] = studio.views.of(shell.crumbs);
  return (
    <nav className="dw-crumbs" aria-label={t("frame.place")}>
      {crumbs === undefined ? steps : <ViewOutlet view={crumbs} waiting={steps} props={{ children: steps }} />}
      {world?.demo === true && (
        <Tooltip label={t("frame.demoHint")}>
          <span className="dw-badge dw-demo">{t("frame.demo")}</span>
        </Tooltip>
      )}
    </nav>
  );
}

function BranchPill(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch: id } = useStore(studio.address.store);
  const branches = useStore(studio.branches);
  const time = useStore(studio.time.state);
  const state = useStore(studio.state);
  const rail = useStore(studio.rail);
  const branch = branches.find((candidate) => candidate.id === id);
  if (id === LIVE || branch === undefined) {
    if (state.kind !== "online")
      return <span className="dw-pill dw-pill-away">{t(state.kind === "connecting" ? "frame.connecting" : "frame.away")}</span>;
    return time.kind === "live" ? (
      <span className="dw-pill dw-pill-live">
        <i /> {t("frame.live")}
      </span>
    ) : null;
  }
  const hue = branchHue(id, rail?.lanes.find((lane) => lane.branch.id === id)?.hue);
  return (
    <Tooltip label={`${branch.name}: ${t("frame.leaveBranch")}`} multiline maw={320}>
      <UnstyledButton
        className="dw-pill dw-pill-branch"
        title={branch.name}
        style={{ "--hue": `var(--dw-${hue})` } as never}
        onClick={() => studio.address.go({ branch: LIVE })}
      >
        <i /> <span>{middleCut(branch.name, MAX_NAME)}</span> <IconLogout size={14} />
      </UnstyledButton>
    </Tooltip>
  );
}

/** Two letters of a name; of a Chinese name its last two characters. */
export function initials(name: string): string {
  const trimmed = name.trim();
  if (/[\u3400-\u9fff]/.test(trimmed)) return trimmed.slice(-2);
  const words = trimmed.split(/[\s.]+/).filter((word) => word !== "");
  return ((words.length > 1 ? words[0]![0]! + words.at(-1)![0]! : trimmed.slice(0, 2)) || "?").toUpperCase();
}

/** What a person looks at, in words; nothing where this product has no such page. */
function pageTitle(studio: Studio, view: string | undefined, t: Translate): string {
  const page = studio.views.of(shell.page).find(({ data }) => data.path === `/${view}`);
  return page === undefined ? "" : t(page.data.title);
}

function People(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const people = useStore(studio.people);
  const state = useStore(studio.state);
  const self = state.kind === "online" ? state.self.id : undefined;
  const others = people.filter((person) => person.id !== self);
  const shown = others.slice(0, 3);
  const follow = (person: Person): void => {
    const { view, branch, at, selection } = person.presence;
    studio.address.go({
      ...(view === undefined ? {} : { view }),
      branch,
      ...(selection === undefined ? {} : { subject: selection }),
    });
    if (at === undefined) studio.time.goLive();
    else studio.time.goTo(at);
  };
  if (people.length === 0) return null;
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <UnstyledButton className="dw-people">
          <span className="dw-visually-hidden">{t("frame.people")} </span>
          <span className="dw-avatar">{initials(studio.preferences.get().name)}</span>
          {shown.map((person) => (
            <span key={person.id} className="dw-avatar" style={{ "--hue": `var(--dw-${branchHue(person.id, person.color)})` } as never}>
              {initials(person.name)}
            </span>
          ))}
          {others.length > 3 && <span className="dw-avatar">+{others.length - 3}</span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("frame.people")}</Menu.Label>
        {people.map((person) => (
          // oneself is followed by nobody, yet takes the focus: with nobody else there the menu has no other item
          <Menu.Item
            key={person.id}
            {...(person.id === self ? { "aria-disabled": true, "data-disabled": true } : { onClick: () => follow(person) })}
          >
            <span className="dw-person">
              <span className="dw-avatar" style={{ "--hue": `var(--dw-${branchHue(person.id, person.color)})` } as never}>
                {initials(person.name)}
              </span>
              <span>
                {person.name || t("frame.unverified")}{" "}
                <small>{person.id === self ? t("frame.you") : person.verified ? "" : t("frame.unverified")}</small>
                <br />
                <small>
                  {pageTitle(studio, person.presence.view, t)} {person.presence.selection ?? ""}
                </small>
              </span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const themeIcons = { light: IconSun, dark: IconMoon, contrast: IconContrast, system: IconDeviceDesktop } as const;
const themeWords = {
  light: "frame.themeLight",
  dark: "frame.themeDark",
  contrast: "frame.themeContrast",
  system: "frame.themeSystem",
} as const;

function ThemeMenu(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { theme } = useStore(studio.preferences);
  const Icon = themeIcons[theme];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon className="dw-wide" variant="subtle" color="gray" aria-label={t("frame.theme")}>
          <Icon size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(themeIcons) as (keyof typeof themeIcons)[]).map((name) => {
          const Item = themeIcons[name];
          return (
            <Menu.Item
              key={name}
              leftSection={<Item size={16} />}
              onClick={() => studio.preferences.update((held) => ({ ...held, theme: name }))}
              aria-current={name === theme}
            >
              {t(themeWords[name])}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

function LanguageSwitch(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { language } = useStore(studio.preferences);
  return (
    <UnstyledButton
      className="dw-language"
      onClick={() => studio.preferences.update((held) => ({ ...held, language: held.language === "en" ? "zh" : "en" }))}
    >
      <span className="dw-visually-hidden">{t("frame.language")} </span>
      <span className={language === "zh" ? "is-on" : ""}>中</span> / <span className={language === "en" ? "is-on" : ""}>EN</span>
    </UnstyledButton>
  );
}
