mod contract;
mod rules;

use plt::{Plt, PltClient};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, Ledger as _};
use soroban_sdk::{
    contract, contractimpl, symbol_short, vec, Address, BytesN, Env, IntoVal, String, Symbol, Val,
    Vec,
};
use stellar_governance::governor::ProposalState;

use crate::{Rules, TokenGovernor, TokenGovernorClient};

pub const SUPPLY: i128 = 1_000;
pub const VOTING_DELAY: u32 = 10;
pub const VOTING_PERIOD: u32 = 50;
pub const DELAY: u32 = 100;
pub const GRACE: u32 = 30;
pub const FOR: u32 = 1;
pub const AGAINST: u32 = 0;
pub const ABSTAIN: u32 = 2;

/// A contract that only its owner sets.
#[contract]
pub struct Setting;

#[contractimpl]
impl Setting {
    pub fn __constructor(env: Env, owner: Address) {
        env.storage()
            .instance()
            .set(&symbol_short!("owner"), &owner);
    }

    pub fn set(env: Env, value: u32) {
        let owner: Address = env
            .storage()
            .instance()
            .get(&symbol_short!("owner"))
            .unwrap();
        owner.require_auth();
        env.storage()
            .instance()
            .set(&symbol_short!("value"), &value);
    }

    pub fn value(env: Env) -> u32 {
        let value = env.storage().instance().get(&symbol_short!("value"));
        value.unwrap_or(0)
    }
}

/// The calls of a proposal, as the governor wants them each time.
#[derive(Clone)]
pub struct Calls {
    pub targets: Vec<Address>,
    pub functions: Vec<Symbol>,
    pub args: Vec<Vec<Val>>,
}

/// A governor with a setting of its own, and three holders of 500, 300 and 200 votes.
pub struct World {
    pub env: Env,
    pub plt: PltClient<'static>,
    pub governor: TokenGovernorClient<'static>,
    pub setting: SettingClient<'static>,
    pub holders: [Address; 3],
}

impl World {
    pub fn new() -> Self {
        let env = Env::new_with_config(EnvTestConfig {
            capture_snapshot_at_drop: false,
        });
        env.ledger().set_sequence_number(100);
        let holders = [(); 3].map(|()| Address::generate(&env));
        let text = |text| String::from_str(&env, text);
        let args = (&holders[0], SUPPLY, text("Vangnet"), text("PLT"));
        let plt = PltClient::new(&env, &env.register(Plt, args));
        for (holder, amount) in holders[1..].iter().zip([300, 200]) {
            plt.mock_all_auths().transfer(&holders[0], holder, &amount);
        }
        for holder in &holders {
            plt.mock_all_auths().delegate(holder, holder);
        }
        env.set_auths(&[]);
        let args = (text("Terms"), rules(&plt.address));
        let governor = TokenGovernorClient::new(&env, &env.register(TokenGovernor, args));
        let setting = SettingClient::new(&env, &env.register(Setting, (&governor.address,)));
        let world = Self {
            env,
            plt,
            governor,
            setting,
            holders,
        };
        world.pass(1);
        world
    }

    pub fn pass(&self, ledgers: u32) {
        let now = self.env.ledger().sequence();
        self.env.ledger().set_sequence_number(now + ledgers);
    }

    /// Sets the setting to each of these in turn.
    pub fn calls(&self, values: &[u32]) -> Calls {
        let env = &self.env;
        let mut calls = Calls {
            targets: vec![env],
            functions: vec![env],
            args: vec![env],
        };
        for value in values {
            calls.targets.push_back(self.setting.address.clone());
            calls.functions.push_back(symbol_short!("set"));
            calls.args.push_back(vec![env, value.into_val(env)]);
        }
        calls
    }

    pub fn why(&self) -> String {
        String::from_str(&self.env, "why")
    }

    pub fn hash(&self) -> BytesN<32> {
        self.env.crypto().keccak256(&self.why().to_bytes()).into()
    }

    /// The first holder proposes.
    pub fn propose(&self, calls: &Calls) -> BytesN<32> {
        let id = self.governor.mock_all_auths().propose(
            &calls.targets,
            &calls.functions,
            &calls.args,
            &self.why(),
            &self.holders[0],
        );
        self.env.set_auths(&[]);
        id
    }

    pub fn vote(&self, id: &BytesN<32>, holder: usize, vote: u32) -> u128 {
        let reason = String::from_str(&self.env, "");
        let governor = self.governor.mock_all_auths();
        let votes = governor.cast_vote(id, &vote, &reason, &self.holders[holder]);
        self.env.set_auths(&[]);
        votes
    }

    /// A proposal of these values that the first holder's votes have won.
    pub fn won(&self, values: &[u32]) -> (Calls, BytesN<32>) {
        let calls = self.calls(values);
        let id = self.propose(&calls);
        self.pass(VOTING_DELAY + 1);
        assert_eq!(self.vote(&id, 0, FOR), 500, "votes");
        self.pass(VOTING_PERIOD);
        (calls, id)
    }

    /// The same, queued.
    pub fn queued(&self, values: &[u32]) -> (Calls, BytesN<32>) {
        let (calls, id) = self.won(values);
        self.queue(&calls).unwrap();
        (calls, id)
    }

    pub fn queue(&self, calls: &Calls) -> Result<BytesN<32>, u32> {
        let (hash, anyone) = (self.hash(), Address::generate(&self.env));
        let queued = self.governor.try_queue(
            &calls.targets,
            &calls.functions,
            &calls.args,
            &hash,
            &0,
            &anyone,
        );
        code(queued)
    }

    pub fn execute(&self, calls: &Calls) -> Result<BytesN<32>, u32> {
        let (hash, anyone) = (self.hash(), Address::generate(&self.env));
        let executed = self.governor.try_execute(
            &calls.targets,
            &calls.functions,
            &calls.args,
            &hash,
            &anyone,
        );
        code(executed)
    }

    pub fn cancel(&self, calls: &Calls, by: &Address) -> Result<BytesN<32>, u32> {
        let governor = self.governor.mock_all_auths();
        let cancelled = governor.try_cancel(
            &calls.targets,
            &calls.functions,
            &calls.args,
            &self.hash(),
            by,
        );
        self.env.set_auths(&[]);
        code(cancelled)
    }

    pub fn state(&self, id: &BytesN<32>) -> ProposalState {
        self.governor.proposal_state(id)
    }
}

pub fn rules(token: &Address) -> Rules {
    Rules {
        token: token.clone(),
        voting_delay: VOTING_DELAY,
        voting_period: VOTING_PERIOD,
        threshold: 200,
        quorum: 4_000_000,
        delay: DELAY,
        grace: GRACE,
    }
}

/// A reply, or the code that it was refused with.
fn code<T, E>(
    reply: Result<Result<T, E>, Result<soroban_sdk::Error, soroban_sdk::InvokeError>>,
) -> Result<T, u32> {
    match reply {
        Ok(Ok(answer)) => Ok(answer),
        Err(Ok(error)) => Err(error.get_code()),
        _ => panic!("no answer and no code"),
    }
}
