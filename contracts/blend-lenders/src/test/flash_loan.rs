//! A deficit cannot be faked inside a flash loan, in which Blend has paid out what its books do not know of yet.

use interfaces::blend::{BlendPoolClient, Positions, Request, REPAY};
use interfaces::blend_lenders::BlendLendersClient;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::token::TokenClient;
use soroban_sdk::{
    contract, contractclient, contractimpl, contracttype, symbol_short, vec, Address, Env, Vec,
};

use super::blend::UNIT;
use super::{World, HOUR};
use interfaces::adapter::AdapterError;

/// Blend's own type.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlashLoan {
    pub contract: Address,
    pub asset: Address,
    pub amount: i128,
}

/// Blend's entry for it.
#[contractclient(name = "FlashLender")]
#[allow(dead_code)]
pub trait FlashLending {
    fn flash_loan(
        env: Env,
        from: Address,
        flash_loan: FlashLoan,
        requests: Vec<Request>,
    ) -> Positions;
}

/// What the attacker does with the money.
#[contracttype]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Try {
    Nothing = 0,
    Prove = 1,
    ProveAndGoOn = 2,
    AskBlend = 3,
}

/// Somebody who borrows for a moment to make the platform look poor.
#[contract]
pub struct Attacker;

#[contractimpl]
impl Attacker {
    pub fn __constructor(env: Env, lenders: Address, platform: Address) {
        env.storage()
            .instance()
            .set(&symbol_short!("targets"), &(lenders, platform));
    }

    pub fn plan(env: Env, plan: Try) {
        env.storage().instance().set(&symbol_short!("plan"), &plan);
    }

    /// Whether an attempt was refused inside the loan.
    pub fn was_refused(env: Env) -> bool {
        env.storage()
            .instance()
            .get(&symbol_short!("refused"))
            .unwrap_or(false)
    }

    pub fn exec_op(env: Env, from: Address, asset: Address, amount: i128, _fee: i128) {
        let storage = env.storage().instance();
        let (lenders, platform): (Address, Address) =
            storage.get(&symbol_short!("targets")).unwrap();
        let lenders = BlendLendersClient::new(&env, &lenders);
        let blend = BlendPoolClient::new(&env, &platform);
        let refused = match storage.get(&symbol_short!("plan")).unwrap() {
            Try::Nothing => false,
            Try::Prove => {
                lenders.prove_deficit(&platform, &asset);
                false
            }
            Try::ProveAndGoOn => lenders.try_prove_deficit(&platform, &asset).is_err(),
            Try::AskBlend => blend.try_get_reserve(&asset).is_err(),
        };
        storage.set(&symbol_short!("refused"), &refused);
        let token = TokenClient::new(&env, &asset);
        token.transfer(&env.current_contract_address(), &from, &amount);
    }
}

struct Scene {
    world: World,
    attacker: AttackerClient<'static>,
    from: Address,
}

impl Scene {
    fn new() -> Self {
        let world = World::new();
        world.add_vault();
        let args = (&world.lenders.address, &world.blend.pool);
        let attacker = world.env.register(Attacker, args);
        Self {
            attacker: AttackerClient::new(&world.env, &attacker),
            from: Address::generate(&world.env),
            world,
        }
    }

    /// Borrows half of all there is and pays it back in the same call. Whether it went through.
    fn borrow(&self, plan: Try) -> bool {
        let (world, env) = (&self.world, &self.world.env);
        let amount = 50_000 * UNIT;
        self.attacker.plan(&plan);
        TokenClient::new(env, &world.asset)
            .mock_all_auths()
            .approve(&self.from, &world.blend.pool, &amount, &200_000);
        let flash_loan = FlashLoan {
            contract: self.attacker.address.clone(),
            asset: world.asset.clone(),
            amount,
        };
        let repay = Request {
            request_type: REPAY,
            address: world.asset.clone(),
            amount,
        };
        let lent = FlashLender::new(env, &world.blend.pool)
            .mock_all_auths()
            .try_flash_loan(&self.from, &flash_loan, &vec![env, repay]);
        env.set_auths(&[]);
        lent.is_ok()
    }
}

#[test]
fn a_deficit_is_not_seen_inside_a_flash_loan() {
    let scene = Scene::new();
    assert!(scene.borrow(Try::Nothing), "the loan itself goes through");
    assert!(!scene.borrow(Try::Prove), "with a proof inside it does not");
    assert!(scene.borrow(Try::ProveAndGoOn), "with one that may fail");
    assert!(scene.attacker.was_refused(), "it fails");
    scene.world.pass(HOUR);
    let nothing = Err(AdapterError::NoDeficit);
    assert_eq!(scene.world.prove(), nothing, "nothing was seen");
    assert!(scene.borrow(Try::ProveAndGoOn), "an hour later");
    assert!(scene.attacker.was_refused(), "the same");
    assert_eq!(scene.world.record().index, 0, "nothing is lost");
}

#[test]
fn blend_cannot_be_asked_while_it_lends_in_a_flash() {
    let scene = Scene::new();
    assert!(scene.borrow(Try::AskBlend), "the loan");
    assert!(scene.attacker.was_refused(), "Blend is on the stack");
}

#[test]
fn a_deficit_that_was_seen_is_not_made_larger_inside_a_flash_loan() {
    let scene = Scene::new();
    let world = &scene.world;
    world.steal(1_000 * UNIT);
    world.prove().unwrap();
    world.pass(HOUR);
    assert!(scene.borrow(Try::ProveAndGoOn), "the loan");
    assert!(scene.attacker.was_refused(), "the second look");
    assert_eq!(world.record().index, 0, "nothing counts yet");
    let lost = world.per_b_token(1_000 * UNIT);
    let counted = world.prove().unwrap();
    assert!(counted <= lost, "{counted} of {lost}");
}
