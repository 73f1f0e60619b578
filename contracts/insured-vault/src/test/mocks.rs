//! The vault's surroundings, reduced to what it sees of them: a lending platform that rounds as Blend does, an adapter
//! that watches its b_rate, and a cover pool with one policy.

pub mod platform {
    use interfaces::blend::{
        Positions, Request, Reserve, ReserveConfig, ReserveData, RATE_SCALE, SUPPLY, WITHDRAW,
    };
    use soroban_sdk::token::TokenClient;
    use soroban_sdk::{contract, contractimpl, symbol_short, Address, Env, Map, Vec};

    /// The reserve's index on the platform.
    pub const INDEX: u32 = 3;

    #[contract]
    pub struct Platform;

    #[contractimpl]
    impl Platform {
        pub fn __constructor(env: Env, asset: Address) {
            let reserve = Reserve {
                asset: asset.clone(),
                config: ReserveConfig {
                    index: INDEX,
                    decimals: 7,
                    c_factor: 0,
                    l_factor: 9_500_000,
                    util: 0,
                    max_util: 9_500_000,
                    r_base: 0,
                    r_one: 0,
                    r_two: 0,
                    r_three: 0,
                    reactivity: 0,
                    supply_cap: 10_i128.pow(20),
                    enabled: true,
                },
                data: ReserveData {
                    d_rate: RATE_SCALE,
                    b_rate: RATE_SCALE,
                    ir_mod: 0,
                    b_supply: 0,
                    d_supply: 0,
                    backstop_credit: 0,
                    last_time: 0,
                },
                scalar: 10_000_000,
            };
            env.storage()
                .instance()
                .set(&symbol_short!("reserve"), &reserve);
        }

        pub fn get_reserve(env: Env, asset: Address) -> Reserve {
            let reserve: Reserve = env
                .storage()
                .instance()
                .get(&symbol_short!("reserve"))
                .unwrap();
            assert_eq!(reserve.asset, asset, "asset");
            reserve
        }

        /// Changes the reserve as a test pleases.
        pub fn set_reserve(env: Env, reserve: Reserve) {
            env.storage()
                .instance()
                .set(&symbol_short!("reserve"), &reserve);
        }

        /// Gains from rounding so far, scaled by 1e12.
        pub fn rounding(env: Env) -> i128 {
            env.storage()
                .instance()
                .get(&symbol_short!("rounding"))
                .unwrap_or(0)
        }

        pub fn submit(
            env: Env,
            from: Address,
            spender: Address,
            to: Address,
            requests: Vec<Request>,
        ) -> Positions {
            spender.require_auth();
            if from != spender {
                from.require_auth();
            }
            let request = requests.first().unwrap();
            let mut reserve = Self::get_reserve(env.clone(), request.address.clone());
            let (rate, amount) = (reserve.data.b_rate, request.amount);
            let held: i128 = env.storage().persistent().get(&from).unwrap_or(0);
            let mut rounding = Self::rounding(env.clone());
            let token = TokenClient::new(&env, &request.address);
            let this = env.current_contract_address();
            let change = match request.request_type {
                SUPPLY => {
                    let minted = amount * RATE_SCALE / rate;
                    rounding += amount * RATE_SCALE - minted * rate;
                    minted
                }
                WITHDRAW => {
                    let burned = (amount * RATE_SCALE + rate - 1) / rate;
                    assert!(burned <= held, "more than is held");
                    rounding += burned * rate - amount * RATE_SCALE;
                    -burned
                }
                _ => panic!("request"),
            };
            reserve.data.b_supply += change;
            let supplied = reserve.data.b_supply * rate / RATE_SCALE;
            let lent = (reserve.data.d_supply * reserve.data.d_rate + RATE_SCALE - 1) / RATE_SCALE;
            if request.request_type == SUPPLY {
                assert!(supplied <= reserve.config.supply_cap, "supply cap");
                token.transfer(&spender, &this, &amount);
            } else {
                let used = if lent == 0 {
                    0
                } else {
                    (lent * 10_000_000 + supplied - 1) / supplied
                };
                assert!(used < 10_000_000, "utilisation");
                token.transfer(&this, &to, &amount);
            }
            env.storage()
                .instance()
                .set(&symbol_short!("rounding"), &rounding);
            env.storage().persistent().set(&from, &(held + change));
            Self::set_reserve(env.clone(), reserve);
            Positions {
                liabilities: Map::new(&env),
                collateral: Map::new(&env),
                supply: Map::from_array(&env, [(INDEX, held + change)]),
            }
        }
    }
}

pub mod adapter {
    use interfaces::adapter::{AdapterError, CoverRequest};
    use interfaces::blend::BlendPoolClient;
    use interfaces::blend_lenders::{LendersConfig, LossIndex, LossStep};
    use interfaces::cover::{
        Application, Class, CoverError, CoverPoolClient, Interest, Loss, Peril, Quote, Settlement,
    };
    use soroban_sdk::{contract, contractimpl, symbol_short, Address, Env, Error, Vec};

    #[contract]
    pub struct Adapter;

    #[contractimpl]
    impl Adapter {
        pub fn __constructor(env: Env, cover_pool: Address) {
            let config = LendersConfig {
                cover_pool: cover_pool.clone(),
                price_hub: cover_pool.clone(),
                backstop: cover_pool,
                backstop_floor: 0,
            };
            env.storage()
                .instance()
                .set(&symbol_short!("config"), &config);
        }

        pub fn config(env: Env) -> LendersConfig {
            env.storage()
                .instance()
                .get(&symbol_short!("config"))
                .unwrap()
        }

        pub fn set_armed(env: Env, code: u32) {
            env.storage().instance().set(&symbol_short!("armed"), &code);
        }

        pub fn armed_vault(env: Env, _vault: Address) -> u32 {
            env.storage()
                .instance()
                .get(&symbol_short!("armed"))
                .unwrap_or(0)
        }

        pub fn set_broken(env: Env, broken: bool) {
            env.storage()
                .instance()
                .set(&symbol_short!("broken"), &broken);
        }

        pub fn record(
            env: Env,
            platform: Address,
            asset: Address,
        ) -> Result<LossIndex, AdapterError> {
            if env
                .storage()
                .instance()
                .get(&symbol_short!("broken"))
                .unwrap_or(false)
            {
                return Err(AdapterError::NoResult);
            }
            let mut index = Self::loss_index(env.clone(), platform.clone(), asset.clone())?;
            let rate = BlendPoolClient::new(&env, &platform)
                .get_reserve(&asset)
                .data
                .b_rate;
            let last: i128 = env
                .storage()
                .instance()
                .get(&symbol_short!("last"))
                .unwrap_or(rate);
            if rate < last {
                index.index += last - rate;
                if index.steps.len() == 16 {
                    index.steps.pop_front();
                }
                index.steps.push_back(LossStep {
                    index: index.index,
                    deficits: index.deficits,
                    began_at: index.recorded_at,
                    seen_at: env.ledger().timestamp(),
                });
            }
            index.recorded_at = env.ledger().timestamp();
            env.storage().instance().set(&symbol_short!("last"), &rate);
            env.storage()
                .instance()
                .set(&symbol_short!("index"), &index);
            Ok(index)
        }

        /// Counts a deficit of so much for each bToken, seen first at `seen_at`; it is missing from now on.
        pub fn count_deficit(env: Env, lost: i128, seen_at: u64) {
            let mut index: LossIndex = env
                .storage()
                .instance()
                .get(&symbol_short!("index"))
                .unwrap();
            index.index += lost;
            index.deficits += lost;
            index.missing += lost;
            if index.steps.len() == 16 {
                index.steps.pop_front();
            }
            index.steps.push_back(LossStep {
                index: index.index,
                deficits: index.deficits,
                began_at: seen_at,
                seen_at: env.ledger().timestamp(),
            });
            env.storage()
                .instance()
                .set(&symbol_short!("index"), &index);
        }

        /// What is missing is there again.
        pub fn make_good(env: Env) {
            let mut index: LossIndex = env
                .storage()
                .instance()
                .get(&symbol_short!("index"))
                .unwrap();
            index.missing = 0;
            env.storage()
                .instance()
                .set(&symbol_short!("index"), &index);
        }

        pub fn loss_index(
            env: Env,
            _platform: Address,
            _asset: Address,
        ) -> Result<LossIndex, AdapterError> {
            let none = LossIndex {
                index: 0,
                deficits: 0,
                missing: 0,
                recorded_at: 0,
                steps: Vec::new(&env),
            };
            Ok(env
                .storage()
                .instance()
                .get(&symbol_short!("index"))
                .unwrap_or(none))
        }

        pub fn insure_vault(
            env: Env,
            vault: Address,
            payer: Address,
            request: CoverRequest,
        ) -> Result<Quote, AdapterError> {
            vault.require_auth();
            let application = Application {
                interest: Interest(vault.clone(), Class::Deposit),
                owner: vault,
                payer,
                group: 7,
                perils: request.perils,
                route: request.route,
                limit: request.limit,
                weeks: request.weeks,
                ltv: 0,
                max_premium: request.max_premium,
                max_rate: request.max_rate,
            };
            Ok(passed_on(&env, Self::pool(&env).try_open(&application)))
        }

        pub fn renew_vault(
            env: Env,
            vault: Address,
            limit: i128,
            weeks: u32,
            bounty_to: Address,
        ) -> Result<i128, AdapterError> {
            vault.require_auth();
            let interest = Interest(vault, Class::Deposit);
            Ok(passed_on(
                &env,
                Self::pool(&env).try_renew(&interest, &limit, &weeks, &0, &bounty_to),
            ))
        }

        pub fn cancel_vault(env: Env, vault: Address) -> Result<i128, AdapterError> {
            vault.require_auth();
            let interest = Interest(vault, Class::Deposit);
            Ok(passed_on(&env, Self::pool(&env).try_cancel(&interest)))
        }

        pub fn pay_vault(
            env: Env,
            vault: Address,
            peril: Peril,
            loss: i128,
            occurred_at: u64,
            bounty_to: Address,
        ) -> Result<Settlement, AdapterError> {
            vault.require_auth();
            let amount = loss;
            let loss = Loss {
                peril,
                event: 0,
                amount,
                occurred_at,
                rescue: false,
                sources: 0,
            };
            let interest = Interest(vault, Class::Deposit);
            Ok(passed_on(
                &env,
                Self::pool(&env).try_pay(&interest, &loss, &bounty_to),
            ))
        }
    }

    impl Adapter {
        fn pool(env: &Env) -> CoverPoolClient<'_> {
            CoverPoolClient::new(env, &Self::config(env.clone()).cover_pool)
        }
    }

    /// An answer, or the code of the contract that refused.
    fn passed_on<T, C>(
        env: &Env,
        reply: Result<Result<T, C>, Result<CoverError, soroban_sdk::InvokeError>>,
    ) -> T {
        match reply {
            Ok(Ok(answer)) => answer,
            Err(Ok(error)) => {
                env.panic_with_error(Error::from_contract_error(error as u32));
            }
            _ => env.panic_with_error(Error::from_contract_error(7_207)),
        }
    }
}

pub mod cover_pool {
    use actuary::loss::payout_down;
    use actuary::premium::premium_up;
    use actuary::time::{is_renewable, renewed_end, term_end};
    use actuary::{Assets, Rate};
    use interfaces::cover::{
        Application, Class, CoverError, GroupTerms, Interest, Loss, Peril, PerilTerms, Policy,
        Quote, Settlement, Terms,
    };
    use soroban_sdk::token::TokenClient;
    use soroban_sdk::{contract, contractimpl, contracttype, symbol_short, vec, Address, Env, Vec};

    /// Waiting period of a default, in seconds.
    pub const WAITING: u64 = 72 * 3_600;
    /// Waiting period of a deficit, in seconds.
    pub const WAITING_CONTRACT: u64 = 14 * 86_400;
    /// Least premium.
    pub const MIN_PREMIUM: i128 = 10_000_000;
    /// What a cancellation pays back.
    pub const REFUND: i128 = 3_000_000;

    /// What a test may set.
    #[contracttype]
    #[derive(Clone, Debug)]
    pub struct Conduct {
        /// The yearly rate it sells at.
        pub rate: u32,
        /// Co-insurance.
        pub co_insurance: u32,
        /// Whether claims wait.
        pub files: bool,
        /// What a payment falls short of what is said of it.
        pub withheld: i128,
        /// Whether it does not answer.
        pub down: bool,
        /// Whether renewals show what is unearned of their premium.
        pub earns: bool,
        /// The number of a peril that it does not pay now.
        pub refused: u32,
    }

    #[contract]
    pub struct CoverPool;

    #[contractimpl]
    impl CoverPool {
        pub fn __constructor(env: Env, asset: Address) {
            let storage = env.storage().instance();
            storage.set(&symbol_short!("asset"), &asset);
            let conduct = Conduct {
                rate: 200_000,
                co_insurance: 500_000,
                files: false,
                withheld: 0,
                down: false,
                earns: false,
                refused: u32::MAX,
            };
            storage.set(&symbol_short!("conduct"), &conduct);
        }

        pub fn conduct(env: Env) -> Conduct {
            env.storage()
                .instance()
                .get(&symbol_short!("conduct"))
                .unwrap()
        }

        pub fn set_conduct(env: Env, conduct: Conduct) {
            env.storage()
                .instance()
                .set(&symbol_short!("conduct"), &conduct);
        }

        pub fn query_asset(env: Env) -> Address {
            env.storage()
                .instance()
                .get(&symbol_short!("asset"))
                .unwrap()
        }

        pub fn terms(_env: Env) -> Terms {
            Terms {
                min_premium: MIN_PREMIUM,
                bounty: 0,
                bounty_prepaid: 0,
                instant_max: 0,
                instant_share: 0,
                daily_share: 0,
                advance_fee: 0,
                base_max_age: 0,
            }
        }

        pub fn group(env: Env, group: u32) -> Option<GroupTerms> {
            assert_eq!(group, 7, "group");
            let co_insurance = Self::conduct(env.clone()).co_insurance;
            let (base, base_min, base_max, max_ltv) = (0, 0, 0, 0);
            let peril = |peril, waiting, co_insurance| PerilTerms {
                peril,
                base,
                base_min,
                base_max,
                waiting,
                co_insurance,
                max_ltv,
            };
            Some(GroupTerms {
                adapter: env.current_contract_address(),
                platform: None,
                class: Class::Deposit,
                cap: 0,
                subject_cap: 0,
                perils: vec![
                    &env,
                    peril(Peril::Contract, WAITING_CONTRACT, 0),
                    peril(Peril::Default, WAITING, co_insurance),
                ],
                knots: Vec::new(&env),
                rate_min: 0,
                rate_max: 0,
                deductible: 0,
            })
        }

        pub fn policy(env: Env, interest: Interest) -> Result<Option<Policy>, CoverError> {
            if Self::conduct(env.clone()).down {
                return Err(CoverError::Corrupt);
            }
            Ok(env.storage().persistent().get(&interest))
        }

        pub fn open(env: Env, application: Application) -> Result<Quote, CoverError> {
            let now = env.ledger().timestamp();
            let end = term_end(now, application.weeks)?;
            let premium = Self::premium(&env, application.limit, end - now)?;
            if premium > application.max_premium {
                return Err(CoverError::PremiumTooHigh);
            }
            let (token, this) = (Self::token(&env), env.current_contract_address());
            token.transfer(&application.payer, &this, &application.max_premium);
            token.transfer(
                &this,
                &application.payer,
                &(application.max_premium - premium),
            );
            let policy = Policy {
                owner: application.owner,
                payer: application.payer,
                group: application.group,
                perils: application.perils,
                route: application.route,
                start: now,
                end,
                earning_rate: 0,
                limit: application.limit,
                original_limit: application.limit,
                topped_up: 0,
                topped_up_from: 0,
                max_rate: application.max_rate,
                paid: 0,
                drawn: 0,
                fees_due: 0,
                open_claims: 0,
                event: 0,
                event_loss: 0,
            };
            env.storage()
                .persistent()
                .set(&application.interest, &policy);
            Ok(Self::quote(&env, application.limit, premium, now, end))
        }

        pub fn renew(
            env: Env,
            interest: Interest,
            limit: i128,
            weeks: u32,
            _ltv: u32,
            _bounty_to: Address,
        ) -> Result<i128, CoverError> {
            let now = env.ledger().timestamp();
            let mut policy = Self::existing(&env, &interest)?;
            if !is_renewable(policy.end, now) {
                return Err(CoverError::NotInRenewalWindow);
            }
            if Self::conduct(env.clone()).rate > policy.max_rate {
                return Err(CoverError::RateTooHigh);
            }
            let end = renewed_end(policy.end, weeks, now)?;
            let premium = Self::premium(&env, limit, end - policy.end)?;
            let this = env.current_contract_address();
            Self::token(&env).transfer_from(&this, &policy.payer, &this, &premium);
            (policy.end, policy.limit) = (end, limit);
            if Self::conduct(env.clone()).earns {
                policy.earning_rate = premium * 1_000_000_000_000 / i128::from(end - now);
            }
            env.storage().persistent().set(&interest, &policy);
            Ok(premium)
        }

        pub fn cancel(env: Env, interest: Interest) -> Result<i128, CoverError> {
            let policy = Self::existing(&env, &interest)?;
            policy.owner.require_auth();
            env.storage().persistent().remove(&interest);
            let left = policy.end.saturating_sub(env.ledger().timestamp());
            let refund = match policy.earning_rate {
                0 => REFUND,
                rate => rate * i128::from(left) / 1_000_000_000_000,
            };
            Self::token(&env).transfer(&env.current_contract_address(), &policy.owner, &refund);
            Ok(refund)
        }

        /// Spreads `unearned` over the rest of the term.
        pub fn set_unearned(env: Env, interest: Interest, unearned: i128) {
            let mut policy = Self::existing(&env, &interest).unwrap();
            let left = policy.end - env.ledger().timestamp();
            policy.earning_rate = unearned * 1_000_000_000_000 / i128::from(left);
            env.storage().persistent().set(&interest, &policy);
        }

        pub fn pay(
            env: Env,
            interest: Interest,
            loss: Loss,
            _bounty_to: Address,
        ) -> Result<Settlement, CoverError> {
            let conduct = Self::conduct(env.clone());
            let mut policy = Self::existing(&env, &interest)?;
            if !policy.perils.contains(loss.peril) || conduct.refused == loss.peril as u32 {
                return Err(CoverError::PerilNotCovered);
            }
            let (waiting, co_insurance) = match loss.peril {
                Peril::Contract => (WAITING_CONTRACT, 0),
                _ => (WAITING, conduct.co_insurance),
            };
            if !(policy.start + waiting..=policy.end).contains(&loss.occurred_at) {
                return Err(CoverError::OutsideCover);
            }
            let (loss, limit) = (
                Assets::from_raw(loss.amount),
                Assets::from_raw(policy.limit),
            );
            let co_insurance = Rate::from_raw(co_insurance.into());
            let payout = payout_down(loss, Assets::ZERO, co_insurance, limit)?.raw();
            if payout == 0 {
                return Err(CoverError::NothingCovered);
            }
            policy.limit -= payout;
            if conduct.files {
                policy.open_claims += 1;
            } else {
                policy.paid += payout - conduct.withheld;
                Self::send(&env, &interest, payout);
            }
            env.storage().persistent().set(&interest, &policy);
            Ok(if conduct.files {
                Settlement::Filed(1, payout)
            } else {
                Settlement::Paid(payout)
            })
        }

        /// Closes a claim with what is paid of it.
        pub fn close(env: Env, interest: Interest, paid: i128) {
            let mut policy = Self::existing(&env, &interest).unwrap();
            policy.open_claims -= 1;
            policy.paid += paid;
            Self::send(&env, &interest, paid);
            env.storage().persistent().set(&interest, &policy);
        }
    }

    impl CoverPool {
        fn token(env: &Env) -> TokenClient<'_> {
            TokenClient::new(env, &Self::query_asset(env.clone()))
        }

        fn existing(env: &Env, interest: &Interest) -> Result<Policy, CoverError> {
            env.storage()
                .persistent()
                .get(interest)
                .ok_or(CoverError::UnknownPolicy)
        }

        fn send(env: &Env, interest: &Interest, amount: i128) {
            Self::token(env).transfer(&env.current_contract_address(), &interest.0, &amount);
        }

        fn premium(env: &Env, limit: i128, seconds: u64) -> Result<i128, CoverError> {
            let rate = Rate::from_raw(Self::conduct(env.clone()).rate.into());
            let minimum = Assets::from_raw(MIN_PREMIUM);
            Ok(premium_up(Assets::from_raw(limit), rate, seconds, minimum)?.raw())
        }

        fn quote(env: &Env, limit: i128, premium: i128, start: u64, end: u64) -> Quote {
            let rate = Self::conduct(env.clone()).rate;
            Quote {
                base: rate,
                ltv_factor: 10_000_000,
                utilisation_factor: 10_000_000,
                rate,
                premium,
                fee: 0,
                per_day: 0,
                per_month: 0,
                limit,
                deductible: 0,
                waiting: WAITING,
                start,
                end,
                room: 0,
            }
        }
    }
}
