import { createStore, type Store } from "@doppelwerk/kit/studio";

/** What is seen and heard in this browser; nothing is heard until somebody asks for it. */
export interface SoundChoice {
  readonly isOn: boolean;
  /** 0 to 1. */
  readonly volume: number;
  readonly priorities: readonly number[];
}

const KEY = "doppelwerk.notificationSound";
const DEFAULT: SoundChoice = { isOn: false, volume: 0.5, priorities: [1, 2] };

export const soundChoice: Store<SoundChoice> = createStore<SoundChoice>(kept());

export function chooseSound(change: Partial<SoundChoice>): void {
  const next = { ...soundChoice.get(), ...change };
  soundChoice.set(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // a browser that keeps nothing: it holds until the window is closed
  }
}

function kept(): SoundChoice {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<SoundChoice>;
    return {
      isOn: found.isOn === true,
      volume: typeof found.volume === "number" ? Math.min(1, Math.max(0, found.volume)) : DEFAULT.volume,
      priorities: Array.isArray(found.priorities) ? found.priorities.filter((each) => typeof each === "number") : DEFAULT.priorities,
    };
  } catch {
    // what is there is none of ours
    return DEFAULT;
  }
}

let context: AudioContext | undefined;

/** Tones of a priority, made here: three short ones for the most urgent, one for the others. False where the browser lets nothing be heard yet. */
export async function play(priority: number, volume: number): Promise<boolean> {
  context ??= new AudioContext();
  if (context.state === "suspended") await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 200))]);
  if (context.state !== "running") return false;
  const tones = priority === 1 ? [880, 660, 880] : priority === 2 ? [740, 740] : [590];
  for (const [at, frequency] of tones.entries()) tone(context, frequency, context.currentTime + at * 0.22, volume);
  return true;
}

function tone(audio: AudioContext, frequency: number, at: number, volume: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  // without a click at its ends
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume * 0.4, at + 0.02);
  gain.gain.setValueAtTime(volume * 0.4, at + 0.14);
  gain.gain.linearRampToValueAtTime(0, at + 0.18);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.2);
}
