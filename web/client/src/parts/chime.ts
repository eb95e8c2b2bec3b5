// Two soft notes, where somebody asked for a sound.

export function chime(): void {
  if (typeof AudioContext === "undefined") return;
  const audio = new AudioContext();
  for (const [note, after] of [
    [523, 0],
    [659, 0.25],
  ] as const) {
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    const from = audio.currentTime + after;
    tone.frequency.value = note;
    loud.gain.setValueAtTime(0, from);
    loud.gain.linearRampToValueAtTime(0.15, from + 0.03);
    loud.gain.exponentialRampToValueAtTime(0.001, from + 0.6);
    tone.connect(loud).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 0.6);
  }
  setTimeout(() => void audio.close(), 1_500);
}
