import { findEmulators } from '../google/emulators.ts';
import { firestoreStore, useFirestore } from '../google/firestore-ledger.ts';
import { describeWherePossible } from '../google/where-possible.ts';
import { describeLedgerContract } from './ledger-contract.ts';
import type { OpenStore } from './open-store.ts';
import { describeStoreContract } from './store-contract.ts';

describeWherePossible('a Firestore store, on the emulator', findEmulators(), (sdk) => {
  useFirestore(sdk);
  const open: OpenStore = async (clock) => firestoreStore(clock);
  describeStoreContract(open);
  describeLedgerContract(open);
});
