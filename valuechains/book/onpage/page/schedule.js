// When a short question comes due again, by the scheduler of ts-fsrs: window.gvcSchedule([[time, right], ...]) gives a Date.
import { createEmptyCard, fsrs, Rating } from "ts-fsrs";

const scheduler = fsrs({ enable_fuzz: false, enable_short_term: false }); // days, and the same ones for the same answers

window.gvcSchedule = (tries) => {
  let card;
  for (const [time, right] of tries) {
    const at = new Date(time);
    card = scheduler.next(card ?? createEmptyCard(at), at, right ? Rating.Good : Rating.Again).card;
  }
  return card?.due;
};
